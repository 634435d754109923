/** Opens what the suite measures on: the model, the dictionaries, held-out text. */
import { logitEffects, logitMethod } from '../../trainer/dashboards/logits'
import type { SuiteInput } from '../../trainer/evaluate/suite/runner'
import { LoupeError } from '../../trainer/errors'
import type { Dictionary } from '../../trainer/sae/dictionary/dictionary'
import { readSingleContexts } from '../../trainer/store/contexts'
import { splitShards, type MeasuredLayout } from '../../trainer/store/layout'
import { orderedBatches } from '../../trainer/store/orderedStream'
import { createRandom } from '../../trainer/tensors/random'
import type { Database } from '../db/connect'
import { openDictionary } from '../dictionaries/weights'
import { loadModel } from '../models/load'
import { requireModelById } from '../models/rows'
import type { JobContext } from '../jobs/kind'
import { coreFigures } from './core'
import { openMeasured } from '../dictionaries/measured'

const BATCH = 2048

/** Loads everything once; `dispose` frees it, and what parts have kept. */
export async function openSuiteInput(
  context: JobContext,
  spec: { dictionary: string; harvest: string; control: string | null },
): Promise<SuiteInput & { dispose(): void }> {
  const { database, stage } = context
  const { dictionary, layout, modelId, hook, writes } = await openMeasured(database, spec)
  const model = await requireModelById(database, modelId)
  const loaded = await loadModel(database, model, { ...stage, report: () => undefined })
  if (!loaded.tokenizer) {
    throw new LoupeError('unsupported', `the model ${model.name} has no tokenizer, so it cannot read texts`, {
      remedy: 'add the model from a folder that holds tokenizer.json',
    })
  }
  const control = spec.control === null ? undefined : await openControl(database, spec.control)
  const kept = new Map<string, Promise<{ dispose(): void }>>()
  return {
    model: loaded.model,
    tokenizer: loaded.tokenizer,
    hook,
    dictionary,
    medianNorm: layout.medianNorm,
    ...(control && { control }),
    heldOutRows: () =>
      orderedBatches(database.pool, layout, { shards: splitShards(layout, 'held-out'), batchSize: BATCH }),
    heldOutContexts: (count, seed) => drawContexts(database, layout, count, seed),
    coreFigures: (tokens, ownStage) =>
      coreFigures(
        { ...context, stage: ownStage },
        { dictionary, layout, model: loaded.model, hook, writes, tokens, includeExcluded: false },
      ),
    promoted: (directions) =>
      writes === undefined || logitMethod(writes) === 'none'
        ? null
        : logitEffects(loaded.model, writes, directions).map(({ top }) => top[0]!.token),
    keep<T extends { dispose(): void }>(key: string, make: () => Promise<T>): Promise<T> {
      const made = kept.get(key) ?? make()
      kept.set(key, made)
      made.catch(() => kept.delete(key))
      return made as Promise<T>
    },
    dispose() {
      for (const made of kept.values()) made.then((value) => value.dispose()).catch(() => undefined)
      for (const opened of [dictionary, control?.dictionary, loaded.model]) opened?.dispose()
    },
  }
}

async function openControl(database: Database, id: string): Promise<{ name: string; dictionary: Dictionary }> {
  const row = await database.prisma.dictionary.findUniqueOrThrow({ where: { id } })
  return { name: row.name, dictionary: await openDictionary(database, row) }
}

/** Held-out contexts in an order drawn by the seed; fewer where there are fewer. */
async function drawContexts({ pool }: Database, layout: MeasuredLayout, count: number, seed: number) {
  const { contextSize, contextsPerShard } = layout
  const { from, to } = splitShards(layout, 'held-out')
  const places = (to - from) * contextsPerShard
  const numbers = [...createRandom(`held-out contexts ${seed}`).permutation(places)]
  const tokens: Int32Array[] = []
  for (let at = 0; at < places && tokens.length < count; at += count) {
    const batch = numbers.slice(at, at + count).map((place) => from * contextsPerShard + place)
    const contexts = await readSingleContexts(pool, layout, batch)
    // The last shard may have room for more contexts than there are.
    for (const number of batch) {
      const context = contexts.get(number)
      if (context) tokens.push(context.tokens)
    }
  }
  const drawn = tokens.slice(0, count)
  const flat = new Int32Array(drawn.length * contextSize)
  for (const [at, context] of drawn.entries()) flat.set(context, at * contextSize)
  return { tokens: flat, contextSize }
}
