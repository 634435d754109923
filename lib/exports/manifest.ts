/** `manifest.json` of an export's folder: what it is of, and every file with its hash. */
import { z } from 'zod'
import { LoupeError } from '../../trainer/errors'
import { readJson } from '../../trainer/formats/folder'
import type { ExportChoice } from './registry'
import type { ExportSource } from './source'

export const MANIFEST_FILE = 'manifest.json'
const FORMAT_VERSION = 1

export const ExportedFile = z.strictObject({
  path: z.string().describe('relative to the folder'),
  from: z.int().min(0).describe('first feature it tells about'),
  to: z.int().min(0).describe('feature behind the last one'),
  rows: z.int().min(0),
  bytes: z.int().min(0),
  sha256: z.string(),
})
export type ExportedFile = z.output<typeof ExportedFile>

const Identity = z.strictObject({
  format_version: z.literal(FORMAT_VERSION),
  what: z.string(),
  format: z.string(),
  dictionary: z.string().describe('name of the dictionary'),
  dictionary_id: z.uuid(),
  architecture: z.string(),
  features: z.int().describe('features of the dictionary'),
  weights_sha256: z.string().describe('hash of the dictionary’s safetensors file'),
  model: z.string(),
  model_weights_sha256: z.string(),
  hook: z.string(),
  harvest: z.string().describe('name of the harvest the statistics are over'),
  corpus: z.string(),
  corpus_sha256: z.string(),
  tokens: z.number().describe('tokens the statistics were counted over'),
  statistics_finished_at: z.iso.datetime().nullable(),
  labels_until: z.iso.datetime().nullable().describe('labels written later are not in it'),
})
type Identity = z.output<typeof Identity>

export const Manifest = Identity.extend({
  complete: z.boolean().describe('false while files are missing'),
  files: z.array(ExportedFile),
})
export type Manifest = z.output<typeof Manifest>

/** The manifest of an export that has no file yet. */
export function newManifest(source: ExportSource, { what, format }: ExportChoice): Manifest {
  const { dictionary, statistics, harvest, labelsUntil, weightsHash } = source
  return {
    format_version: FORMAT_VERSION,
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
    corpus_sha256: harvest.corpus.hash,
    tokens: statistics.tokens,
    statistics_finished_at: statistics.finishedAt?.toISOString() ?? null,
    labels_until: labelsUntil?.toISOString() ?? null,
    complete: false,
    files: [],
  }
}

/** Throws `bad-input` for a manifest that is not one of ours. */
export async function readManifest(path: string): Promise<Manifest | undefined> {
  const found = await readJson(path)
  if (found === undefined) return undefined
  const parsed = Manifest.safeParse(found)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new LoupeError(
    'bad-input',
    `${path} is no manifest of this version (${issue?.path.join('.')}: ${issue?.message})`,
    {
      remedy: 'give a new folder with --out',
    },
  )
}

/**
 * Throws `mismatch` naming every difference. An unfinished export goes on with the labels it began with, so their
 * moment counts for a finished one only.
 */
export function requireSameExport(folder: string, there: Manifest, here: Manifest): void {
  const fields = Object.keys(Identity.shape) as (keyof Identity)[]
  const differing = fields.filter(
    (field) => there[field] !== here[field] && (there.complete || field !== 'labels_until'),
  )
  if (differing.length === 0) return
  const list = differing.map(
    (field) => `${field} is ${JSON.stringify(there[field])} there and ${JSON.stringify(here[field])} here`,
  )
  throw new LoupeError('mismatch', `${folder} holds another export: ${list.join('; ')}`, {
    remedy: 'give a new folder with --out',
  })
}
