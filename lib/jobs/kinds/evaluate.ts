/** Job `evaluate`: how well a dictionary reconstructs, and what the model loses when it does the work. */
import { z } from 'zod'
import { measureCrossEntropy } from '../../../trainer/evaluate/crossEntropy'
import { everyRow } from '../../../trainer/evaluate/everyRow'
import { measureReconstruction } from '../../../trainer/evaluate/reconstruction'
import type { Dictionary } from '../../../trainer/sae/dictionary'
import { readSingleContexts } from '../../../trainer/store/contexts'
import { splitShards, type MeasuredLayout, type Split } from '../../../trainer/store/layout'
import { orderedBatches } from '../../../trainer/store/orderedStream'
import type { Stage } from '../../../trainer/progress'
import { loadModel, requireModelById } from '../../models'
import { defineJobKind, type JobContext } from '../kind'
import { openMeasured } from '../measured'
import { evaluateJob } from '../specs'

type Spec = z.output<typeof evaluateJob.schema>
const Part = z.strictObject({})

const BATCH = 2048
export const evaluateKind = defineJobKind({
  ...evaluateJob,
  part: Part,
  plan: ({ tokens }) => Promise.resolve([{ spec: {}, total: tokens }]),

  async run(spec, _part, context) {
    const { dictionary, layout, modelId, hook } = await openMeasured(context, spec)
    try {
      const rows = (split: Split) => rowsOf(context, layout, split, spec.includeExcluded)
      const measure = async (batches: Rows, atMost?: number) => {
        const { figures } = await measureReconstruction({ dictionary, batches, atMost, signal: context.stage.signal })
        return figures
      }
      const heldOut = await measure(rows('held-out'))
      // As many training tokens as held-out ones, so that the two stand side by side.
      const training = await measure(rows('train'), heldOut.tokens)
      const crossEntropy = await spliced(context, { spec, dictionary, layout, modelId, hook })
      return { heldOut, training, crossEntropy, includeExcluded: spec.includeExcluded }
    } finally {
      dictionary.dispose()
    }
  },

  async finish(spec, [metrics], { database, backend }) {
    await database.prisma.evaluation.create({
      data: {
        ...{ dictionaryId: spec.dictionary, kind: 'core', config: spec, metrics: metrics ?? {} },
        ...{ engine: backend.fingerprint, device: backend.device },
      },
    })
    return { metrics, engine: backend.fingerprint }
  },
})

type Rows = AsyncIterable<{ n: number; x: Float32Array }>

/** The rows of a split that count, or every one. */
function rowsOf({ database }: JobContext, layout: MeasuredLayout, split: Split, includeExcluded: boolean): Rows {
  const shards = splitShards(layout, split)
  if (includeExcluded) return everyRow(database.pool, layout, shards)
  return orderedBatches(database.pool, layout, { shards, batchSize: BATCH })
}

async function spliced(
  { database, stage }: JobContext,
  given: { spec: Spec; dictionary: Dictionary; layout: MeasuredLayout; modelId: string; hook: string },
) {
  const { spec, dictionary, layout, modelId, hook } = given
  const quiet: Stage = { ...stage, report: () => undefined }
  const { model } = await loadModel(database, await requireModelById(database, modelId), quiet)
  try {
    const wanted = Math.ceil(spec.tokens / layout.contextSize)
    const first = splitShards(layout, 'held-out').from * layout.contextsPerShard
    const found = await readSingleContexts(
      database.pool,
      layout,
      Array.from({ length: wanted }, (_, at) => first + at),
    )
    const tokens = new Int32Array(found.size * layout.contextSize)
    for (const [at, context] of [...found.keys()].sort((a, b) => a - b).entries()) {
      tokens.set(found.get(context)!.tokens, at * layout.contextSize)
    }
    return await measureCrossEntropy({
      ...{ model, hook, dictionary, tokens, contextSize: layout.contextSize, medianNorm: layout.medianNorm },
      ...{ includeExcluded: spec.includeExcluded, stage },
    })
  } finally {
    model.dispose()
  }
}
