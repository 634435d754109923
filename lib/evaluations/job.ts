/** Job `evaluate`: how well a dictionary reconstructs, and what the model loses when it does the work. */
import { z } from 'zod'
import { measureCrossEntropy } from '../../trainer/evaluate/crossEntropy'
import { everyRow } from '../../trainer/evaluate/everyRow'
import { measureReconstruction } from '../../trainer/evaluate/reconstruction'
import { TokenSampler } from '../../trainer/evaluate/tokenSample'
import type { CoreFigures } from '../../trainer/evaluate/suite/definition'
import type { HookedModel } from '../../trainer/model/types'
import type { Dictionary } from '../../trainer/sae/dictionary/dictionary'
import { readSingleContexts } from '../../trainer/store/contexts'
import { splitShards, type Companion, type MeasuredLayout, type Split } from '../../trainer/store/layout'
import { orderedBatches } from '../../trainer/store/orderedStream'
import type { Stage } from '../../trainer/progress'
import { loadModel, requireModelById } from '../models/rows'
import { defineJobKind, type JobContext } from '../jobs/kind'
import { openMeasured } from './measured'
import { evaluateJob } from '../jobs/specs'

const Part = z.strictObject({})

const BATCH = 2048
export const evaluateKind = defineJobKind({
  ...evaluateJob,
  part: Part,
  plan: ({ tokens }) => Promise.resolve([{ spec: {}, total: tokens }]),

  async run(spec, _part, context) {
    const { dictionary, layout, modelId, hook, writes } = await openMeasured(context, spec)
    const quiet: Stage = { ...context.stage, report: () => undefined }
    const { database } = context
    const { model } = await loadModel(database, await requireModelById(database, modelId), quiet)
    try {
      const figures = await coreFigures(context, { ...spec, dictionary, layout, model, hook, writes })
      return { ...figures, includeExcluded: spec.includeExcluded }
    } finally {
      model.dispose()
      dictionary.dispose()
    }
  },

  async finish(spec, [measured], { database, backend }) {
    const { sample, ...metrics } = (measured ?? {}) as Partial<CoreFigures>
    const stored: object = { ...metrics, sample }
    await database.prisma.evaluation.create({
      data: {
        dictionaryId: spec.dictionary,
        kind: 'core',
        config: spec,
        metrics: stored,
        engine: backend.fingerprint,
        device: backend.device,
      },
    })
    return { metrics, engine: backend.fingerprint }
  },
})

export interface CoreMeasured {
  dictionary: Dictionary
  layout: MeasuredLayout
  model: HookedModel
  hook: string
  /** Where the dictionary writes, if it is known: a transcoder at the target hook of the harvest. */
  writes: string | undefined
  /** Held-out tokens of the cross-entropy. */
  tokens: number
  includeExcluded: boolean
}

/** Reconstruction on held-out and training tokens, and the cross-entropy with it spliced in. */
export async function coreFigures(context: JobContext, measured: CoreMeasured): Promise<CoreFigures> {
  const { dictionary, layout, includeExcluded } = measured
  const beside: Companion[] = dictionary.config.d_out === undefined ? [] : ['target']
  const rows = (split: Split) => rowsOf(context, layout, split, { includeExcluded, beside })
  const measure = async (batches: Rows, atMost?: number) => {
    const { figures } = await measureReconstruction({ dictionary, batches, atMost, signal: context.stage.signal })
    return figures
  }
  const heldOut = await measure(rows('held-out'))
  // As many training tokens as held-out ones, so that the two stand side by side.
  const training = await measure(rows('train'), heldOut.tokens)
  return { heldOut, training, ...(await spliced(context, measured)) }
}

type Rows = AsyncIterable<{ n: number; x: Float32Array; target?: Float32Array }>

/** The rows of a split that count, or every one. */
function rowsOf(
  { database }: JobContext,
  layout: MeasuredLayout,
  split: Split,
  { includeExcluded, beside }: { includeExcluded: boolean; beside: readonly Companion[] },
): Rows {
  const shards = splitShards(layout, split)
  if (includeExcluded) return everyRow(database.pool, layout, shards, beside)
  return orderedBatches(database.pool, layout, { shards, batchSize: BATCH, beside })
}

async function spliced({ database, stage }: JobContext, measured: CoreMeasured) {
  const { layout, tokens: wanted, includeExcluded, dictionary, model, hook, writes } = measured
  const { contextSize } = layout
  const first = splitShards(layout, 'held-out').from * layout.contextsPerShard
  const numbers = Array.from({ length: Math.ceil(wanted / contextSize) }, (_, at) => first + at)
  const found = await readSingleContexts(database.pool, layout, numbers)
  const tokens = new Int32Array(found.size * contextSize)
  for (const [at, context] of [...found.keys()].sort((a, b) => a - b).entries()) {
    tokens.set(found.get(context)!.tokens, at * contextSize)
  }
  const sampler = new TokenSampler(tokens.length)
  const crossEntropy = await measureCrossEntropy({
    model,
    hook,
    writes,
    dictionary,
    tokens,
    contextSize,
    medianNorm: layout.medianNorm,
    includeExcluded,
    stage,
    onTokens: (measured) => sampler.add(measured),
  })
  return { crossEntropy, sample: sampler.sample }
}
