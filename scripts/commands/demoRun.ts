/** The work of `loupe demo`. */
import { databaseStatus } from '../../lib/db/embedded'
import type { Harvest } from '../../lib/db/generated/client'
import { requireDictionary, type DictionaryRow } from '../../lib/dictionaries/rows'
import { harvestOf } from '../../lib/dictionaries/measured'
import { prepareHarvest } from '../../lib/harvests/plan'
import { shardsFor } from '../../lib/harvests/rows'
import { HarvestOptions } from '../../lib/harvests/schema'
import { statisticsKind } from '../../lib/features/job'
import { evaluateKind } from '../../lib/evaluations/job'
import type { EvaluationResult } from '../../lib/evaluations/schema'
import { harvestKind } from '../../lib/harvests/job'
import { trainKind } from '../../lib/runs/job'
import { finishedResult, runJob } from '../../lib/jobs/run'
import type { JobKind } from '../../lib/jobs/kind'
import { prepareRun } from '../../lib/runs/start'
import { pickFeature } from '../../lib/features/pick'
import { steer } from '../../lib/steering/resolve'
import { ensureBuilt, type Built } from '../../lib/web/build'
import type { Context } from '../cli/context'
import { openModel } from '../cli/models'
import { StageClock } from '../cli/stageClock'
import { openBrowser } from '../supervisor/browser'
import { startLoupe } from '../supervisor/start'
import { parseIntervention } from '../../trainer/steering/intervention'
import { DEMO_PROMPT, type DemoOptions } from './demoOptions'

const MODEL = 'smollm2-135m-instruct'
const CORPUS = 'sotu'
const CONTEXT = 128
const STATISTICS_TOKENS = 1_000_000
/** In units of the feature's usual maximum. */
const STRENGTH = 1

/** Runs a job unless an earlier demo has finished it. */
type Work = <T>(kind: JobKind, spec: object) => Promise<T>

export async function runDemo(options: DemoOptions, context: Context) {
  const stages = new StageClock(context)
  await using build = options.exit ? undefined : startBuild(context)
  const { running: databaseRan } = await databaseStatus()
  const { database, backend } = await stages.time('setup', async () => ({
    backend: await context.backend(),
    database: await context.database(),
  }))
  context.terminal.note(`computing on ${backend.fingerprint}`)
  const work: Work = (kind, spec) =>
    stages.job(
      kind,
      async (stage) => (await finishedResult(database, kind, spec)) ?? runJob(database, backend, kind, spec, stage),
    )
  const harvest = await planHarvest(options, context, stages)
  if (harvest.status !== 'finished') await work(harvestKind, { harvest: harvest.id })

  const name = demoName(options)
  await trainOnce(context, name, options, harvest.id, (run) => work(trainKind, { run }))
  const dictionary = await requireDictionary(database, name)
  const { metrics } = await work<EvaluationResult>(evaluateKind, {
    dictionary: dictionary.id,
    harvest: harvest.id,
    tokens: options.evaluateTokens,
    includeExcluded: false,
  })
  const counted = await harvestOf(database, dictionary)
  await work(statisticsKind, {
    dictionary: dictionary.id,
    harvest: harvest.id,
    shards: shardsFor(counted, STATISTICS_TOKENS),
    seed: 0,
  })
  const steered = await stages.time('steer', () => steerOnce(context, dictionary))
  await context.closeDatabase()
  const loupe = build && (await showPages(context, stages, build.done, !databaseRan))
  return {
    model: MODEL,
    harvest: harvest.name,
    dictionary: name,
    engine: backend.fingerprint,
    run: dictionary.runId,
    stages: stages.summaries,
    seconds: stages.seconds,
    metrics,
    steered,
    pages: loupe
      ? {
          home: loupe.url,
          feature: `${loupe.url}/dictionaries/${dictionary.id}/features/${steered.feature}`,
          steer: `${loupe.url}/steer?dictionary=${dictionary.id}&feature=${steered.feature}`,
          running: loupe.running,
        }
      : null,
  }
}

async function planHarvest({ hook, tokens }: DemoOptions, context: Context, stages: StageClock): Promise<Harvest> {
  const { row, loaded } = await stages.time('model', () => openModel(context, MODEL))
  const planning = context.terminal.stage('contexts', 'tokens')
  const plan = {
    row,
    loaded,
    backend: await context.backend(),
    stage: planning,
    options: HarvestOptions.parse({ model: MODEL, hook, corpus: CORPUS, tokens, contextSize: CONTEXT }),
  }
  const database = await context.database()
  const { harvest } = await stages.time('contexts', () => prepareHarvest(database, plan).finally(() => planning.end()))
  // Each stage loads what it needs, as a worker on another machine would.
  loaded.model.dispose()
  return harvest
}

/** An answer with the feature that is easiest to recognise, turned up. */
async function steerOnce(context: Context, dictionary: DictionaryRow) {
  const database = await context.database()
  const opened = await openModel(context, MODEL)
  const feature = await pickFeature(database, dictionary)
  const edit = {
    dictionary: dictionary.name,
    feature: feature.index,
    mode: 'add' as const,
    strength: STRENGTH * feature.maxActivation,
  }
  const preset = {
    model: MODEL,
    prompt: DEMO_PROMPT,
    edits: [edit],
    sampling: { temperature: 0.7, maxTokens: 40, seed: 1 },
  }
  const { answers } = await steer(database, opened, parseIntervention(preset, 'the demo'), context.signal)
  const [plain, steered] = answers.map(({ text, ids }) => ({ text, ids }))
  const texts = (ids: number[]) => ids.slice(0, 8).map((id) => opened.loaded.tokenizer?.tokenText(id) ?? String(id))
  const seen = { firesOn: texts(feature.firesOn), promotes: texts(feature.promotes) }
  opened.loaded.model.dispose()
  return { feature: feature.index, ...seen, preset, default: plain!, steered: steered! }
}

/**
 * Builds the pages in parallel with the first stages, which wait for the network or use one core. Silent, because its
 * lines would break their progress bars; a failure appears when the pages are needed. Disposing it stops the build.
 */
function startBuild({ signal }: Context): AsyncDisposable & { done: Promise<Built> } {
  const stop = new AbortController()
  const done = ensureBuilt({ signal: AbortSignal.any([signal, stop.signal]) })
  const settled = done.catch(() => undefined)
  return {
    done,
    async [Symbol.asyncDispose]() {
      stop.abort()
      await settled
    },
  }
}

/** Starts everything and opens the pages. The command then runs until Loupe is stopped. */
async function showPages(
  context: Context,
  stages: StageClock,
  building: Promise<Built>,
  ownsDatabase: boolean,
): Promise<{ url: string; running: boolean }> {
  const { built, seconds } = await stages.time('pages', () => building)
  if (built) stages.beside('their build', seconds)
  const { url, running, untilStopped } = await stages.time('start', () =>
    startLoupe({ host: '127.0.0.1', keepDatabase: false, ownsDatabase }, context),
  )
  openBrowser(url)
  context.afterResult = untilStopped
  return { url, running }
}

/** The name contains the settings: the same settings find the same dictionary, other settings make another one. */
function demoName({ tokens, trainTokens, hook, dSae, k }: DemoOptions): string {
  return `demo/${hook}/topk-${dSae}-k${k}/${tokens}-${trainTokens}`
}

/** Trains, continues an interrupted training, or finds the dictionary of an earlier demo. */
async function trainOnce(
  context: Context,
  name: string,
  { trainTokens, dSae, k }: DemoOptions,
  harvestId: string,
  work: (run: string) => Promise<unknown>,
): Promise<void> {
  const database = await context.database()
  if (await database.prisma.dictionary.findUnique({ where: { name } })) return
  const harvest = await database.prisma.harvest.findUniqueOrThrow({ where: { id: harvestId } })
  const where = { name, status: { in: ['pending' as const, 'running' as const] } }
  const resume = (await database.prisma.run.count({ where })) > 0
  const settings = { architecture: 'topk', d_sae: dSae, k, tokens: trainTokens }
  const run = await prepareRun(database, await context.backend(), { harvest, settings, name, resume, engine: 'auto' })
  await work(run.id)
}
