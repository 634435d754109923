/**
 * What a job is asked to do, by kind: enough to put one into the queue, without the code that computes it. The kinds
 * themselves are in `kinds`.
 */
import { z } from 'zod'
import { SUITE_NAMES } from '../../trainer/evaluate/suite'

export interface JobDescription<Spec = unknown> {
  name: string
  /** Unit of progress, for people. */
  unit: string
  schema: z.ZodType<Spec>
}

export const harvestJob = {
  name: 'harvest',
  unit: 'tokens',
  schema: z.strictObject({ harvest: z.uuid().describe('id of the planned harvest') }),
} satisfies JobDescription

export const trainJob = {
  name: 'train',
  unit: 'tokens',
  schema: z.strictObject({ run: z.uuid().describe('id of the run') }),
} satisfies JobDescription

export const dashboardsJob = {
  name: 'dashboards',
  unit: 'features',
  schema: z.strictObject({
    dictionary: z.uuid().describe('id of the dictionary'),
    harvest: z.uuid().describe('id of the harvest to count over'),
    shards: z.int().positive().describe('shards [0, shards) are counted'),
    seed: z.int().describe('which random examples are drawn'),
  }),
} satisfies JobDescription

/** Progress is counted in tokens of the cross-entropy, which takes nearly all of the time. */
export const evaluateJob = {
  name: 'evaluate',
  unit: 'tokens',
  schema: z.strictObject({
    dictionary: z.uuid().describe('id of the dictionary'),
    harvest: z.uuid().describe('id of the harvest to measure on'),
    tokens: z.int().positive().describe('held-out tokens of the cross-entropy triple'),
    includeExcluded: z.boolean().describe('count first positions and attention sinks too'),
  }),
} satisfies JobDescription

export const suiteJob = {
  name: 'suite',
  unit: 'tokens',
  schema: z.strictObject({
    dictionary: z.uuid().describe('id of the dictionary'),
    harvest: z.uuid().describe('id of the harvest whose held-out text is used'),
    control: z.uuid().nullable().describe('id of a dictionary to compare with'),
    suite: z
      .array(z.strictObject({ name: z.enum(SUITE_NAMES), settings: z.record(z.string(), z.unknown()) }))
      .min(1)
      .describe('what is measured, with its settings'),
  }),
} satisfies JobDescription
