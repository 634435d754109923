/** The flags of `loupe harvest`. */
import { z } from 'zod'
import { FLAG_NAMES } from '../../lib/harvests/command'
import { HarvestOptions } from '../../lib/harvests/schema'

const { contextSize, name, ...others } = HarvestOptions.shape

export const harvestOptions = z.strictObject({ ...others, [FLAG_NAMES.contextSize]: contextSize, name })
export type HarvestFlags = z.output<typeof harvestOptions>
