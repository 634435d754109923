/** What the API says of harvests. */
import { z } from 'zod'
import { harvestProvenance } from '../../trainer/store/provenance'
import { JobReference, timestamp, Named, Status } from '../base/fields'

export const HarvestSummary = z.strictObject({
  id: z.string().describe('Id'),
  name: z.string().describe('Name'),
  model: Named,
  corpus: z.strictObject({
    ...Named.shape,
    source: z.string().describe('As it was given'),
    documents: z.int().describe('Number of documents'),
  }),
  hook: z.string().describe('Where the activations were taken'),
  targetHook: z.string().nullable().describe('Where targets of transcoders were taken; null without them'),
  dOut: z.int().nullable().describe('Width of a target; null without them'),
  gradients: z.boolean().describe('Whether dLoss/dx is stored beside every activation'),
  dtype: z.string().describe('How an activation is stored: f32 or bf16'),
  contextSize: z.int().describe('Tokens per context'),
  dIn: z.int().describe('Width of an activation'),
  seed: z.int().describe('Decides which documents are taken and which are held out'),
  tokensWanted: z.int().describe('Tokens asked for'),
  tokens: z.int().nullable().describe('Tokens without padding; null until planned'),
  trainShards: z.int().describe('Shards that hold training documents; the others hold held-out ones'),
  shards: z.int().describe('Shards in all'),
  medianNorm: z
    .number()
    .nullable()
    .describe('Median L2 norm of the counted activations; positions above ten times it are attention sinks'),
  excluded: z.record(z.string(), z.number()).nullable().describe('Positions left out, by reason'),
  engine: z.string().describe('Library, device, instruction sets and threads that computed it'),
  status: Status,
  runs: z.int().describe('Runs made from it'),
  job: JobReference.nullable(),
  createdAt: timestamp('When it was asked for'),
  finishedAt: timestamp('When it ended').nullable(),
})

export const HarvestDetail = z.strictObject({
  ...HarvestSummary.shape,
  provenance: harvestProvenance.describe('What it was made from; equal provenance means equal bytes'),
  bytes: z.number().describe('Size on disk'),
  runList: z
    .array(z.strictObject({ ...Named.shape, status: Status, createdAt: timestamp('When it was asked for') }))
    .describe('Runs made from it, newest first, at most 100'),
})
