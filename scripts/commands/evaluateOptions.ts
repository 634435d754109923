/** The flags of `loupe evaluate`. */
import { z } from 'zod'
import { EvaluationOptions, SuiteOptions } from '../../lib/evaluations/schema'

const { suite, ...suiteFields } = SuiteOptions.shape
export const evaluateOptions = z.strictObject({
  dictionary: z.string().describe('name of a dictionary'),
  suite: suite.optional(),
  ...suiteFields,
  includeExcluded: EvaluationOptions.shape.includeExcluded,
  saebench: z
    .string()
    .min(1)
    .optional()
    .describe('folder for the newest results of core, sparse-probing and absorption as SAEBench’s files'),
})
export type EvaluateOptions = z.output<typeof evaluateOptions>
