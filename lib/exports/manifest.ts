/** `manifest.json` in the folder of an export: its source, and every file with its hash. */
import { LoupeError } from '../../trainer/errors'
import { readJson } from '../../trainer/formats/folder'
import type { ExportChoice } from './formats'
import { ExportIdentity, Manifest, MANIFEST_VERSION } from './schema'
import type { ExportSource } from './tables/source'

export const MANIFEST_FILE = 'manifest.json'

/** The manifest of an export that has no files yet. */
export function newManifest(source: ExportSource, { what, format }: ExportChoice): Manifest {
  const { dictionary, statistics, harvest, labelsUntil, weightsHash } = source
  return {
    format_version: MANIFEST_VERSION,
    what,
    format: format.name,
    dictionary: dictionary.name,
    dictionary_id: dictionary.id,
    architecture: dictionary.architecture,
    features: dictionary.dSae,
    weights_sha256: weightsHash,
    model: harvest.model.name,
    model_weights_sha256: harvest.model.weightsHash,
    hook: harvest.hook,
    harvest: harvest.name,
    corpus: harvest.corpus.name,
    // Statistics need a finished harvest, and planning one stores the hash.
    corpus_sha256: harvest.corpus.hash ?? '',
    tokens: statistics.tokens,
    statistics_finished_at: statistics.finishedAt?.toISOString() ?? null,
    labels_until: labelsUntil?.toISOString() ?? null,
    complete: false,
    files: [],
  }
}

/** Throws `bad-input` for a file of another format or version. */
export async function readManifest(path: string): Promise<Manifest | undefined> {
  const content = await readJson(path)
  if (content === undefined) return undefined
  const parsed = Manifest.safeParse(content)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new LoupeError(
    'bad-input',
    `${path} is not a manifest of this version (${issue?.path.join('.')}: ${issue?.message})`,
    {
      remedy: 'choose a new folder with --out',
    },
  )
}

/**
 * Throws `mismatch` naming every difference. An unfinished export continues with the labels of its start, so their
 * timestamp counts for a finished export only.
 */
export function requireSameExport(folder: string, there: Manifest, here: Manifest): void {
  const fields = ExportIdentity.keyof().options
  const differing = fields.filter(
    (field) => there[field] !== here[field] && (there.complete || field !== 'labels_until'),
  )
  if (differing.length === 0) return
  const list = differing.map(
    (field) => `${field} is ${JSON.stringify(there[field])} there and ${JSON.stringify(here[field])} here`,
  )
  throw new LoupeError('mismatch', `${folder} holds another export: ${list.join('; ')}`, {
    remedy: 'choose a new folder with --out',
  })
}
