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

/** The default, then one steered answer, or one for each factor of a sweep. */
export function branchesOf({ sweep }: Intervention): Branch[] {
  const steered = sweep?.map((factor) => ({ name: `steered ×${factor}`, factor })) ?? [{ name: 'steered', factor: 1 }]
  return [{ name: 'default', factor: null }, ...steered]
}

export type BranchRows = Required<Pick<BatchOptions, 'prompts' | 'edits' | 'sharedPrompt' | 'predictedBy'>> & {
  /** Row of a steered branch → row of its shadow, which runs the steered tokens without edits. */
  shadows: ReadonlyMap<number, number>
}

/**
 * One row a branch and, for KL, one shadow for each steered one.
 *
 * Kernels treat the last rows of a batch differently in the last bit (the remainder of a vector register), which would
 * make an edit of strength 0 visible. So a steered row and its shadow take the default's predictions for as long as no
 * edit has changed anything in that row.
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
  const afterwards = rowEdits(rows, promptLength)
  const passed = rows.map((_, row) => Math.max(0, shared.indexOf(row)))
  const changed = (row: number) => inPrompt.changed(passed[row]!) || afterwards.changed(row)
  const original = new Map([...shadows].map(([row, shadow]) => [shadow, row]))
  return {
    prompts: rows.map(() => prompt),
    edits: afterwards.hooks,
    sharedPrompt: { rows: passed, edits: inPrompt.hooks },
    predictedBy: (row) => (changed(original.get(row) ?? row) ? row : 0),
    shadows,
  }
}

/**
 * The rows that go through the prompt: those that an edit can make different within it, and always the first two. With
 * other edits the default then goes through the same products, and stays the same to the last bit.
 */
function sharedRows(rows: readonly EditedRow[]): number[] {
  return rows.flatMap(({ edits, promptLength }, row) =>
    row < 2 || edits.some(({ positions }) => touchesPrompt(positions, promptLength)) ? [row] : [],
  )
}

function scaled(edits: readonly ResolvedEdit[], factor: number): ResolvedEdit[] {
  return edits.map((edit) => ({ ...edit, strength: edit.strength * factor }))
}
