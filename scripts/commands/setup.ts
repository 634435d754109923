/** `loupe setup`: installs TensorFlow, for the CPU or for CUDA. */
import pc from 'picocolors'
import { z } from 'zod'
import { loupeCache } from '../../lib/base/config'
import { LoupeError } from '../../trainer/errors'
import { installTensorflow, probeTensorflow } from '../../trainer/tensors/install/tensorflow'
import { defineCommand } from '../cli/command'

export const setup = defineCommand({
  options: z.strictObject({
    cuda: z
      .boolean()
      .default(false)
      .describe('install the CUDA build with its runtime; fails if TensorFlow finds no GPU'),
  }),
  async run({ options }, { terminal }) {
    const bar = terminal.stage('tensorflow', 'B')
    const onStep = (step: string) => terminal.note(step)
    const build = await installTensorflow(loupeCache(), { cuda: options.cuda, stage: bar, onStep }).finally(() =>
      bar.end(),
    )
    const { gpu } = await probeTensorflow()
    if (options.cuda && !gpu) {
      await installTensorflow(loupeCache(), { cuda: false, stage: bar })
      throw new LoupeError('unavailable', 'the CUDA build is installed, but TensorFlow sees no GPU', {
        remedy: 'check `nvidia-smi` (driver 525 or later); Loupe has returned to its CPU build',
      })
    }
    return { build, device: gpu ? 'cuda' : 'cpu', cache: loupeCache() }
  },
  render: ({ build, device }) => `${pc.green('ready')}  ${build}, computing on ${device.toUpperCase()}`,
})
