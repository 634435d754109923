/** Applies edits to a batch in which each row has its own edits. */
import * as tf from '@tensorflow/tfjs-core'
import type { HookEdit } from '../model/types'
import type { Dictionary } from '../sae/dictionary/dictionary'
import { restoreOutput } from '../sae/dictionary/normalization'
import type { Codes } from '../sae/codes/codes'
import { tidyToHost } from '../tensors/tidyToHost'
import { touches, type ResolvedEdit } from './edits'

/** One row of a generation batch. */
export interface EditedRow {
  edits: readonly ResolvedEdit[]
  promptLength: number
}

export interface RowEdits {
  /** For `generate`. A map serves one generation only, because its hooks count the positions that pass. */
  hooks: ReadonlyMap<string, HookEdit>
  /** Whether an edit has changed a value of this row so far. */
  changed(row: number): boolean
}

/**
 * Each row has its own edits, e.g. none for the default and some for the steered answer. The change of a hook's value
 * is built on the host, zero where nothing is edited, and added: `x + strength·d` for add, `x + (z' − z)·d` for the
 * modes that set a latent. So the reconstruction error stays, and an edit without effect changes no bit. All edits of a
 * hook see the unedited value.
 * @param start number of positions before the first position of these edits
 */
export function rowEdits(rows: readonly EditedRow[], start = 0): RowEdits {
  const names = new Set(rows.flatMap(({ edits }) => edits.map(({ hook }) => hook)))
  const changed = new Set<number>()
  return {
    hooks: new Map([...names].map((name) => [name, hookEdit(rows, name, start, changed)])),
    changed: (row) => changed.has(row),
  }
}

/** @param changed rows whose values an edit has changed; this function adds to it */
function hookEdit(rows: readonly EditedRow[], hook: string, start: number, changed: Set<number>): HookEdit {
  const hookRows = rows.map((row) => ({ ...row, edits: row.edits.filter((edit) => edit.hook === hook) }))
  let seen = start
  return (value) => {
    const seq = value.shape[1]!
    const active = activeEdits(hookRows, seen, seq)
    seen += seq
    const change = changeOf(value, value.size / (rows.length * seq), active)
    const size = value.size / rows.length
    const touched = rows.map((_, row) => change.subarray(row * size, (row + 1) * size).some((each) => each !== 0))
    if (!touched.includes(true)) return tf.clone(value)
    touched.forEach((isTouched, row) => isTouched && changed.add(row))
    return tf.tidy(() => tf.add(value, tf.tensor(change, value.shape)))
  }
}

/** The sum that all active edits add to a value whose positions are `width` wide. */
function changeOf(value: tf.Tensor, width: number, active: readonly ActiveEdit[]): Float32Array {
  const change = new Float32Array(value.size)
  for (const { flat, edit } of active) {
    if (edit.mode === 'add') addScaled(change, flat * width, edit.direction, edit.strength)
  }
  for (const group of byDictionary(active).values()) addLatentChanges(change, width, value, group)
  return change
}

/** An edit that acts at one position of one row; `flat` is the index in `[batch × seq]`. */
interface ActiveEdit<E extends ResolvedEdit = ResolvedEdit> {
  flat: number
  edit: E
}

type LatentEdit = ActiveEdit<Exclude<ResolvedEdit, { mode: 'add' }>>

function activeEdits(rows: readonly EditedRow[], start: number, seq: number): ActiveEdit[] {
  const offsets = Array.from({ length: seq }, (_, i) => i)
  return rows.flatMap(({ edits, promptLength }, row) =>
    edits.flatMap((edit) =>
      offsets
        .filter((i) => touches(edit.positions, start + i, promptLength))
        .map((i) => ({ flat: row * seq + i, edit })),
    ),
  )
}

function byDictionary(active: readonly ActiveEdit[]): Map<Dictionary, LatentEdit[]> {
  const groups = new Map<Dictionary, LatentEdit[]>()
  for (const { flat, edit } of active) {
    if (edit.mode === 'add') continue
    const group = groups.get(edit.dictionary) ?? []
    groups.set(edit.dictionary, group)
    group.push({ flat, edit })
  }
  return groups
}

function addScaled(change: Float32Array, offset: number, direction: Float32Array, factor: number): void {
  for (let i = 0; i < direction.length; i++) change[offset + i]! += factor * direction[i]!
}

/** Encodes once the positions where edits set latents of one dictionary, and adds `(z' − z)·d` there. */
function addLatentChanges(change: Float32Array, width: number, value: tf.Tensor, edits: readonly LatentEdit[]): void {
  const flats = [...new Set(edits.map(({ flat }) => flat))]
  const { dictionary } = edits[0]!.edit
  tidyToHost(() => {
    const x = tf.gather<tf.Tensor2D>(tf.reshape(value, [-1, width]), tf.tensor1d(flats, 'int32'))
    const codes = dictionary.encode(x)
    const scales = outputScales(dictionary, x)
    for (const { flat, edit } of edits) {
      const row = flats.indexOf(flat)
      const z = activationOf(codes, row, edit.feature)
      const target = edit.mode === 'scale' ? edit.strength * z : edit.mode === 'set' ? edit.strength : 0
      addScaled(change, flat * width, edit.direction, (target - z) * scales[row]!)
    }
  })
}

/** The size of one unit of a decoder direction in each row's scale: 1, except with run-time normalisation. */
function outputScales(dictionary: Dictionary, x: tf.Tensor2D): Float32Array {
  const rows = x.shape[0]
  const kind = dictionary.config.normalize_activations
  if (kind === 'none') return new Float32Array(rows).fill(1)
  const restored = (value: number): tf.Tensor2D => restoreOutput(kind, tf.fill([rows, 1], value), x)
  return tf.sub(restored(1), restored(0)).dataSync<'float32'>()
}

/** A latent's value in one row of codes; 0 where it is off. */
function activationOf({ offsets, indices, values }: Codes, row: number, feature: number): number {
  const at = indices.subarray(offsets[row], offsets[row + 1]).indexOf(feature)
  return at < 0 ? 0 : values[offsets[row]! + at]!
}
