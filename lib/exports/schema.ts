/** The job `export`, and the manifest of its folder. */
import { z } from 'zod'
import type { JobDescription } from '../jobs/schema'

/** Job `export`, as the queue knows it. */
export const exportJob = {
  name: 'export',
  unit: 'features',
  source: 'lib/exports/job.ts',
  schema: z.strictObject({
    dictionary: z.uuid().describe('id of the dictionary'),
    what: z.string().default('weights').describe('weights, features, activations, labels or all'),
    format: z.string().describe('format of the files'),
    folder: z.string().describe('folder on the machine of the worker'),
  }),
} satisfies JobDescription

/** A file of an export. */
export const ExportedFile = z.strictObject({
  path: z.string().describe('path relative to the folder'),
  from: z.int().min(0).describe('first feature'),
  to: z.int().min(0).describe('feature after the last one'),
  rows: z.int().min(0).describe('number of rows'),
  bytes: z.int().min(0).describe('size of the file'),
  sha256: z.string().describe('hash of the file'),
})
export type ExportedFile = z.output<typeof ExportedFile>

export const MANIFEST_VERSION = 1

/** What the job `export` returns. */
export const ExportResult = z.strictObject({
  folder: z.string().describe('folder of the files'),
  files: z.array(z.string()).describe('paths relative to the folder'),
  rows: z.int().optional().describe('number of rows; absent for an export of weights'),
  bytes: z.int().optional().describe('size of the files; absent for an export of weights'),
})
export type ExportResult = z.output<typeof ExportResult>

/** The source of an export. Two exports into one folder must agree in it. */
export const ExportIdentity = z.strictObject({
  format_version: z.literal(MANIFEST_VERSION),
  what: z.string(),
  format: z.string(),
  dictionary: z.string().describe('name of the dictionary'),
  dictionary_id: z.uuid(),
  architecture: z.string(),
  features: z.int().describe('number of features of the dictionary'),
  weights_sha256: z.string().describe('hash of the dictionary’s safetensors file'),
  model: z.string(),
  model_weights_sha256: z.string(),
  hook: z.string(),
  harvest: z.string().describe('name of the harvest of the statistics'),
  corpus: z.string(),
  corpus_sha256: z.string(),
  tokens: z.number().describe('number of tokens that the statistics count'),
  statistics_finished_at: z.iso.datetime().nullable(),
  labels_until: z.iso.datetime().nullable().describe('later labels are not in the export'),
})
export type ExportIdentity = z.output<typeof ExportIdentity>

/** `manifest.json` in the folder of an export. */
export const Manifest = ExportIdentity.extend({
  complete: z.boolean().describe('false while files are missing'),
  files: z.array(ExportedFile),
})
export type Manifest = z.output<typeof Manifest>
