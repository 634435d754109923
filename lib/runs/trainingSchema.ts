/** What everybody who asks for training says, beside the settings of an architecture. */
import { z } from 'zod'
import { ENGINE_NAMES } from '../../trainer/sae/engines/names'

/** @param name how long the name of what is made may be, and what it names */
export const trainingFields = (name: { maxLength: number; description: string }) => ({
  harvest: z.string().min(1).max(300).describe('Name or id of a finished harvest'),
  name: z
    .string()
    .trim()
    .min(1)
    .max(name.maxLength)
    .regex(/^\P{Cc}*$/u, 'one line without control characters')
    .optional()
    .describe(name.description),
  engine: z.enum(ENGINE_NAMES).default('auto').describe('What computes the steps'),
})
