/** The answers of one intervention as rows of one batch. */
import type { BatchOptions } from '../model/generate/batch'
import { touchesPrompt, type ResolvedEdit } from './edits'
import type { Intervention } from './intervention'
import { rowEdits, type EditedRow } from './rowEdits'

export interface Branch {
  name: string
  /** Null for the default. */
  factor: number | null
}

/** The default, then one steered answer, or one for each strength factor (`sweep` in the data). */
export function branchesOf({ sweep: factors }: Intervention): Branch[] {
  const steered = factors?.map((factor) => ({ name: `steered ×${factor}`, factor })) ?? [{ name: 'steered', factor: 1 }]
  return [{ name: 'default', factor: null }, ...steered]
}

export type BranchRows = Required<Pick<BatchOptions, 'prompts' | 'edits' | 'sharedPrompt' | 'predictedBy'>> & {
  /** Row of a steered branch → row of its shadow, which runs the steered tokens without edits. */
  shadows: ReadonlyMap<number, number>
}

/**
 * One row for each branch and, for KL, one shadow for each steered row.
 *
 * Kernels compute the last rows of a batch differently in the last bit (the remainder of a vector register), so an edit
 * of strength 0 would be visible. Therefore a steered row and its shadow use the default's predictions until an edit
 * has changed a value in that row.
 */
export function branchRows(
  branches: readonly Branch[],
  edits: readonly ResolvedEdit[],
  prompt: readonly number[],
  withShadows: boolean,
): BranchRows {
  const steered = branches.flatMap(({ factor }, row) => (factor === null ? [] : [row]))
  const shadows = new Map(withShadows ? steered.map((row, at) => [row, branches.length + at]) : [])
  const promptLength = prompt.length
  const plain: EditedRow = { edits: [], promptLength }
  const rows = [
    ...branches.map(({ factor }) => (factor === null ? plain : { edits: scaled(edits, factor), promptLength })),
    ...[...shadows].map(() => plain),
  ]
  const shared = sharedRows(rows)
  const inPrompt = rowEdits(shared.map((row) => rows[row]!))
  const afterPrompt = rowEdits(rows, promptLength)
  const promptRow = rows.map((_, row) => Math.max(0, shared.indexOf(row)))
  const changed = (row: number) => inPrompt.changed(promptRow[row]!) || afterPrompt.changed(row)
  const original = new Map([...shadows].map(([row, shadow]) => [shadow, row]))
  return {
    prompts: rows.map(() => prompt),
    edits: afterPrompt.hooks,
    sharedPrompt: { rows: promptRow, edits: inPrompt.hooks },
    predictedBy: (row) => (changed(original.get(row) ?? row) ? row : 0),
    shadows,
  }
}

/**
 * The rows that run over the prompt: rows that an edit can change within it, and always the first two. The default then
 * uses the same matrix products whatever the edits are, and stays equal to the last bit.
 */
function sharedRows(rows: readonly EditedRow[]): number[] {
  return rows.flatMap(({ edits, promptLength }, row) =>
    row < 2 || edits.some(({ positions }) => touchesPrompt(positions, promptLength)) ? [row] : [],
  )
}

function scaled(edits: readonly ResolvedEdit[], factor: number): ResolvedEdit[] {
  return edits.map((edit) => ({ ...edit, strength: edit.strength * factor }))
}
