/** Installs TensorFlow on first use. */
import type { Stage } from '../../trainer/progress'
import {
  installTensorflow,
  linkTensorflow,
  probeTensorflow,
  tensorflowState,
} from '../../trainer/tensors/install/tensorflow'

export interface EnsureOptions {
  cacheDir: string
  stage: Stage
  onStep?: (step: string) => void
}

/** Makes sure that tfjs-node finds its library. This needs nothing, a link (after `npm ci`), or a download. */
export async function ensureTensorflow({ cacheDir, stage, onStep }: EnsureOptions): Promise<void> {
  const state = tensorflowState(cacheDir)
  if (state.linked) return
  if (state.build) return linkTensorflow(cacheDir, state.build)
  await installTensorflow(cacheDir, { cuda: false, stage, onStep })
  await probeTensorflow()
}
