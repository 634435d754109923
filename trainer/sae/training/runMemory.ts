/** The memory plan of a configured run, and the refusal of a run that does not fit. */
import { LoupeError } from '../../errors'
import { architectureNamed, type TrainConfig } from '../architectures'
import { gigabytes, memoryPlan, partsLine, type MemoryPlan } from './memoryPlan'

export function runMemory(config: TrainConfig): MemoryPlan {
  return memoryPlan(config, architectureNamed(config.architecture))
}

/**
 * Refuses a run that does not fit into this process: when it is submitted, and again where it is computed. The memory of
 * a GPU is not known here: all parts count as the process's own.
 *
 * @param available bytes that this process can still take (`availableMemory`)
 * @throws LoupeError with the numbers and a batch size that fits, if there is one
 */
export function checkMemory(config: TrainConfig, available: number): MemoryPlan {
  const plan = runMemory(config)
  if (plan.total <= available) return plan
  let batchSize = config.batchSize
  while (batchSize > 64 && runMemory({ ...config, batchSize }).total > available) batchSize = Math.floor(batchSize / 2)
  const fits = runMemory({ ...config, batchSize }).total <= available
  throw new LoupeError(
    'too-large',
    `the run needs ${gigabytes(plan.total)} (${partsLine(plan.parts)}), but ${gigabytes(available)} are available`,
    {
      remedy: fits
        ? `set batchSize to ${batchSize}, or choose a smaller d_sae`
        : 'choose a smaller d_sae, or a machine with more memory',
    },
  )
}
