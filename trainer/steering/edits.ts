/** Edits with their dictionaries and directions loaded, and checked against the model. */
import { isPattern } from '../model/hooks'
import { LoupeError, unknownName } from '../errors'
import type { HookedModel } from '../model/types'
import type { Dictionary } from '../sae/dictionary/dictionary'
import type { Edit, FeatureEdit, Positions } from './intervention'
import { sizeOf } from '../tensors/arrays'

/** A dictionary by name, with the hook it reads and writes. Throws `LoupeError` for an unknown name. */
export type ResolveDictionary = (name: string) => Promise<{ dictionary: Dictionary; hook: string }>

/** An edit with its direction loaded, checked against the model. */
export type ResolvedEdit = { hook: string; direction: Float32Array; positions: Positions } & (
  | { mode: 'add'; strength: number }
  | { mode: 'scale' | 'set' | 'ablate'; strength: number; dictionary: Dictionary; feature: number }
)

/** Loads dictionaries and directions; refuses hooks, features and widths that do not fit the model. */
export async function resolveEdits(
  edits: readonly Edit[],
  model: HookedModel,
  resolveDictionary: ResolveDictionary,
): Promise<ResolvedEdit[]> {
  refuseConflicts(edits)
  const resolved: ResolvedEdit[] = []
  for (const edit of edits) {
    if ('vector' in edit) {
      const { hook, positions, strength } = edit
      const direction = Float32Array.from(edit.vector)
      resolved.push({ hook, direction, positions, mode: 'add', strength })
    } else {
      resolved.push(await resolveFeature(edit, resolveDictionary))
    }
  }
  for (const { hook, direction } of resolved) checkWidth(model, hook, direction.length)
  return resolved
}

async function resolveFeature(edit: FeatureEdit, resolveDictionary: ResolveDictionary): Promise<ResolvedEdit> {
  const { dictionary, hook } = await resolveDictionary(edit.dictionary)
  if (dictionary.config.d_out !== undefined) {
    throw new LoupeError('unsupported', `"${edit.dictionary}" is a transcoder: it reads one hook and writes another`, {
      remedy: 'steer with a dictionary that reconstructs its own hook, or with a vector at the hook it writes to',
    })
  }
  const { feature, mode, positions } = edit
  const strength = edit.strength ?? 0
  const direction = dictionary.direction(feature)
  if (mode === 'add') return { hook, direction, positions, mode, strength }
  return { hook, direction, positions, mode, strength, dictionary, feature }
}

function checkWidth(model: HookedModel, hook: string, width: number): void {
  if (!model.hookNames.includes(hook)) throw unknownName('hook', hook, model.hookNames)
  if (isPattern(hook)) {
    throw new LoupeError('unsupported', `${hook} holds attention weights, to which no direction can be added`)
  }
  const expected = sizeOf(model.hookShape(hook))
  if (width === expected) return
  throw new LoupeError('mismatch', `a direction of width ${width} cannot be added at ${hook}, which has ${expected}`, {
    remedy: 'use a dictionary of this model and hook, or a vector of that width',
  })
}

/** Two edits that both set one feature's activation contradict each other; additions add up. */
function refuseConflicts(edits: readonly Edit[]): void {
  const setFeatures = new Set<string>()
  for (const edit of edits) {
    if ('vector' in edit || edit.mode === 'add') continue
    const key = JSON.stringify([edit.dictionary, edit.feature])
    if (setFeatures.has(key)) {
      throw new LoupeError('bad-input', `feature ${edit.feature} of "${edit.dictionary}" is set by two edits`, {
        remedy: 'keep one of scale, set and ablate for a feature',
      })
    }
    setFeatures.add(key)
  }
}

/** Whether an edit touches a position, counted from the start of the prompt. */
export function touches(positions: Positions, position: number, promptLength: number): boolean {
  if (positions === 'all') return true
  if (positions === 'prompt') return position < promptLength
  if (positions === 'generated') return position >= promptLength
  return position >= positions[0] && position < positions[1]
}

/** Whether an edit can touch the prompt at all. */
export function touchesPrompt(positions: Positions, promptLength: number): boolean {
  if (typeof positions === 'string') return positions !== 'generated'
  return positions[0] < Math.min(positions[1], promptLength)
}
