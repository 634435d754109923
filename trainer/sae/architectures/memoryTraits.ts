/** What the memory plan needs to know of an architecture. */
import { z } from 'zod'

/** What a step of an architecture needs of memory, as measured by `bench/memory.ts`. */
export const MemoryTraits = z.strictObject({
  matrices: z
    .number()
    .positive()
    .describe('Matrices of [batchSize, d_sae] that are alive at the peak of a step, the pre-activations among them'),
  entry: z
    .number()
    .positive()
    .optional()
    .describe('Bytes of a step for each selected activation. Absent: the matrices contain them'),
  narrow: z
    .number()
    .positive()
    .optional()
    .describe('Matrices of [batchSize, d_in] in addition to the ten that every step has'),
  vectors: z.int().positive().optional().describe('Trained vectors of [d_sae] in addition to b_enc'),
  skip: z.boolean().optional().describe('Whether W_skip [d_out, d_in] is trained'),
})
export type MemoryTraits = z.output<typeof MemoryTraits>
