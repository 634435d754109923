/** What the row of a model stores, and what the API and the pages show of it. */
import { z } from 'zod'

/** The column `files`. */
export const StoredModelFiles = z.looseObject({
  path: z.string().describe('Folder or file on the machine that added the model'),
})

export const ListedModel = z.strictObject({
  id: z.string().describe('Id of the model'),
  name: z.string().describe('Name of the model'),
  family: z.string().describe('Architecture of the model'),
  layers: z.int().describe('Number of layers'),
  dModel: z.int().describe('Width of the residual stream'),
  context: z.int().describe('Longest text in tokens'),
  vocabulary: z.int().describe('Number of tokens with a text; 0 without a tokenizer'),
  hooks: z
    .array(
      z.strictObject({
        name: z.string().describe('Name of the hook'),
        width: z.int().describe('Numbers at one position, over all heads'),
      }),
    )
    .describe('Where values can be read and edited, in order of computation; attention patterns are not listed'),
})
export type ListedModel = z.output<typeof ListedModel>
