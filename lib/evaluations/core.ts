/** What every evaluation measures: how well a dictionary reconstructs, and the loss of the model with it spliced in. */
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
import type { JobContext } from '../jobs/kind'

const BATCH = 2048

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
  const companions: Companion[] = dictionary.config.d_out === undefined ? [] : ['target']
  const rows = (split: Split) => rowsOf(context, layout, split, { includeExcluded, companions })
  const measure = async (batches: Rows, atMost?: number) => {
    const { figures } = await measureReconstruction({ dictionary, batches, atMost, signal: context.stage.signal })
    return figures
  }
  const heldOut = await measure(rows('held-out'))
  // As many training tokens as held-out ones, so that the two compare.
  const training = await measure(rows('train'), heldOut.tokens)
  return { heldOut, training, ...(await spliced(context, measured)) }
}

type Rows = AsyncIterable<{ n: number; x: Float32Array; target?: Float32Array }>

/** The counted rows of a split, or every row. */
function rowsOf(
  { database }: JobContext,
  layout: MeasuredLayout,
  split: Split,
  { includeExcluded, companions }: { includeExcluded: boolean; companions: readonly Companion[] },
): Rows {
  const shards = splitShards(layout, split)
  if (includeExcluded) return everyRow(database.pool, layout, shards, companions)
  return orderedBatches(database.pool, layout, { shards, batchSize: BATCH, companions })
}

async function spliced({ database, stage }: JobContext, measured: CoreMeasured) {
  const { layout, tokens: wanted, includeExcluded, dictionary, model, hook, writes } = measured
  const { contextSize } = layout
  const first = splitShards(layout, 'held-out').from * layout.contextsPerShard
  const numbers = Array.from({ length: Math.ceil(wanted / contextSize) }, (_, at) => first + at)
  const contexts = await readSingleContexts(database.pool, layout, numbers)
  const tokens = new Int32Array(contexts.size * contextSize)
  for (const [at, context] of [...contexts.keys()].sort((a, b) => a - b).entries()) {
    tokens.set(contexts.get(context)!.tokens, at * contextSize)
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
