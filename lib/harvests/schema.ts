/** What a harvest is: the options it is made from, and what the API and the pages show of it. */
import { z } from 'zod'
import { CORPUS_NAMES } from '../../trainer/corpus/names'
import { ACTIVATION_DTYPES } from '../../trainer/store/dtype'
import { harvestProvenance } from '../../trainer/store/provenance'
import { Named, Status, timestamp } from '../base/fields'
import { JobReference, type JobDescription } from '../jobs/schema'

/** Larger numbers do not fit into the columns of the database. */
const LARGEST = 2 ** 31 - 1

/** What a harvest is made from. Flags, form, API and the command line of a harvest all come from this object. */
export const HarvestOptions = z.strictObject({
  model: z.string().min(1).describe('Name of a model (loupe model list)'),
  hook: z.string().min(1).describe('Where activations are taken, e.g. blocks.9.hook_resid_post'),
  targetHook: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Also store the values at this later hook, which transcoders reconstruct, e.g. blocks.9.hook_mlp_out. Default: none',
    ),
  gradients: z
    .boolean()
    .default(false)
    .describe('Also store the gradient of the next-token loss at the hook, for gradient dictionaries'),
  corpus: z
    .string()
    .min(1)
    .default('sotu')
    .describe(`${CORPUS_NAMES.join(', ')}, a text or JSONL file, or a folder of such files`),
  tokens: z
    .int()
    .min(1)
    .max(LARGEST)
    .default(200_000)
    .describe('Number of tokens, a fifth of them from held-out documents; 200k, 1M'),
  contextSize: z.int().min(2).max(LARGEST).default(128).describe('Tokens per context'),
  dtype: z.enum(ACTIVATION_DTYPES).default('f32').describe('How an activation is stored'),
  seed: z
    .int()
    .min(-LARGEST)
    .max(LARGEST)
    .default(0)
    .describe('Decides which documents are held out and which intervals are taken'),
  name: z
    .string()
    .min(1)
    .max(300)
    .optional()
    .describe('Name of the harvest. Default: made from model, hook, corpus and size'),
})
export type HarvestOptions = z.output<typeof HarvestOptions>

/** What a client may request. A path would name a file on the server's disk, so only named corpora are allowed. */
export const HarvestRequest = z.strictObject({
  ...HarvestOptions.shape,
  corpus: z
    .enum(CORPUS_NAMES)
    .default('sotu')
    .describe('The text that the model reads. Only the command line also accepts files'),
})
export type HarvestRequest = z.output<typeof HarvestRequest>

export const HarvestSummary = z.strictObject({
  id: z.string().describe('Id'),
  name: z.string().describe('Name'),
  model: Named,
  corpus: z.strictObject({
    ...Named.shape,
    source: z.string().describe('Name or path, as it was typed'),
    documents: z.int().nullable().describe('Number of documents; null until a worker has read the corpus'),
  }),
  hook: z.string().describe('Where the activations were taken'),
  targetHook: z.string().nullable().describe('Where targets of transcoders were taken; null without them'),
  dOut: z.int().nullable().describe('Width of a target; null without them'),
  gradients: z.boolean().describe('Whether dLoss/dx is stored with every activation'),
  dtype: z.string().describe('How an activation is stored: f32 or bf16'),
  contextSize: z.int().describe('Tokens per context'),
  dIn: z.int().describe('Width of an activation'),
  seed: z.int().describe('Decides which documents are taken and which are held out'),
  tokensWanted: z.int().describe('Number of tokens requested'),
  tokens: z.int().nullable().describe('Tokens without padding; null until planned'),
  trainShards: z.int().describe('Shards that hold training documents; the others hold held-out ones; 0 until planned'),
  shards: z.int().describe('Number of shards; 0 until planned'),
  medianNorm: z
    .number()
    .nullable()
    .describe('Median L2 norm of the counted activations; positions above ten times it are attention sinks'),
  excluded: z.record(z.string(), z.number()).nullable().describe('Number of excluded positions, by reason'),
  engine: z
    .string()
    .nullable()
    .describe('Library, device, instruction sets and threads that computed it; null until planned'),
  status: Status,
  runs: z.int().describe('Number of runs trained on it'),
  job: JobReference.nullable(),
  createdAt: timestamp('When it was requested'),
  finishedAt: timestamp('When it ended').nullable(),
})
export type HarvestSummary = z.output<typeof HarvestSummary>

export const HarvestDetail = z.strictObject({
  ...HarvestSummary.shape,
  provenance: harvestProvenance.describe('What it is made from; equal provenance means equal bytes'),
  bytes: z.number().describe('Size on disk'),
  runList: z
    .array(z.strictObject({ ...Named.shape, status: Status, createdAt: timestamp('When it was requested') }))
    .describe('Runs trained on it, newest first; the limit is 100'),
})
export type HarvestDetail = z.output<typeof HarvestDetail>

/** The column `excluded`. */
export const StoredExcluded = z.record(z.string(), z.number())

export const harvestJob = {
  name: 'harvest',
  unit: 'tokens',
  source: 'lib/harvests/job.ts',
  schema: z.strictObject({ harvest: z.uuid().describe('id of the harvest') }),
  subject: { table: 'harvest', key: 'harvest', column: 'id' },
} satisfies JobDescription
