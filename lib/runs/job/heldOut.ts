/** The held-out rows of a run, shuffled: the training rule selects a batch together, as in a training step. */
import type { Pool } from 'pg'
import type { StepInput } from '../../../trainer/sae/step/spec'
import { countRows } from '../../../trainer/store/measure'
import type { MeasuredLayout } from '../../../trainer/store/layout'
import type { TrainingBatch } from '../../../trainer/store/trainingStream'

/** Held-out figures along the run are measured on about this many tokens. */
const SAMPLE_TOKENS = 8192

/** Every held-out row once. @param stream endless batches of the held-out split */
export async function* heldOutRows(
  pool: Pool,
  layout: MeasuredLayout,
  stream: () => AsyncIterable<TrainingBatch>,
): AsyncGenerator<StepInput, void, undefined> {
  let left = (await countRows(pool, layout, 'held-out')).reduce((sum, rows) => sum + rows, 0)
  if (left === 0) return
  for await (const batch of stream()) {
    const n = batch.x.length / layout.d_in
    yield left >= n ? batch : firstRows(batch, left / n)
    left -= n
    if (left <= 0) return
  }
}

/** The first batches, up to the size of the sample. */
export async function sampleOf(rows: AsyncIterable<StepInput>, d_in: number): Promise<StepInput[]> {
  const sample: StepInput[] = []
  let tokens = 0
  for await (const batch of rows) {
    sample.push(batch)
    tokens += batch.x.length / d_in
    if (tokens >= SAMPLE_TOKENS) break
  }
  return sample
}

/** @param share of the rows of the batch to keep */
function firstRows(batch: StepInput, share: number): StepInput {
  const cut = (values: Float32Array) => values.slice(0, Math.round(values.length * share))
  return {
    x: cut(batch.x),
    ...(batch.target && { target: cut(batch.target) }),
    ...(batch.gradient && { gradient: cut(batch.gradient) }),
  }
}
