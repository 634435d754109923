/** Metadata of dictionaries, from files that other programs wrote. */
import type { DictionaryMetadata } from './format'

/** Metadata with the known fields; the others are not known. */
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

/** The value if it is a text. */
export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

/** The value if it is a positive whole number. */
export function countOrNull(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : null
}
