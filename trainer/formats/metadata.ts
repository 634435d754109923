import type { DictionaryMetadata } from './format'

/** Metadata of a dictionary of which only this is known. */
export function knownMetadata(known: Partial<DictionaryMetadata>): DictionaryMetadata {
  return {
    model_name: null,
    hook_name: null,
    hook_name_out: null,
    context_size: null,
    prepend_bos: null,
    dataset_path: null,
    neuronpedia_id: null,
    extra: {},
    ...known,
  }
}

/** A value of somebody's JSON where it is a text. */
export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

/** A value of somebody's JSON where it is a number that counts something. */
export function countOrNull(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : null
}
