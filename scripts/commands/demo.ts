import pc from 'picocolors'
import { z } from 'zod'
import { databaseStatus } from '../../lib/db/embedded'
import { requireDictionary } from '../../lib/dictionaries/rows'
import { harvestOf, prepareHarvest, shardsFor } from '../../lib/harvests/rows'
import { dashboardsKind } from '../../lib/features/job'
import { evaluateKind } from '../../lib/evaluations/job'
import { harvestKind } from '../../lib/harvests/job'
import { trainKind } from '../../lib/runs/job/train'
import { finishedResult, runJob } from '../../lib/jobs/run'
import type { JobKind } from '../../lib/jobs/kind'
import { prepareRun } from '../../lib/runs/start'
import { pickFeature, steer } from '../../lib/steering/resolve'
import { ensureBuilt, type Built } from '../../lib/web/build'
import { defineCommand } from '../cli/command'
import type { Context } from '../cli/context'
import { openModel } from '../cli/models'
import { StageClock, renderStages } from '../cli/stageClock'
import { openBrowser } from '../supervisor/browser'
import { startLoupe } from '../supervisor/start'
import { renderMetrics, type Evaluated } from './evaluate'

const MODEL = 'smollm2-135m-instruct'
const CORPUS = 'sotu'
const CONTEXT = 128
const STATISTICS_TOKENS = 1_000_000
const PROMPT = 'My fellow citizens, the most important thing about'
/** In units of the feature's usual maximum. */
const STRENGTH = 1

const options = z.strictObject({
  tokens: z.int().min(5_000).default(200_000).describe('tokens to harvest'),
  trainTokens: z.int().min(1_000).default(1_000_000).describe('training tokens, over several passes'),
  hook: z.string().default('blocks.9.hook_resid_post').describe('where to look into the model'),
  dSae: z.int().positive().default(4608).describe('features of the dictionary'),
  k: z.int().positive().default(32).describe('active features per token'),
  evaluateTokens: z.int().positive().default(8192).describe('held-out tokens of the cross-entropy figures'),
  exit: z.boolean().default(false).describe('stop after the last stage: neither build nor start the pages'),
})
type DemoOptions = z.output<typeof options>

export const demo = defineCommand({
  options,
  async run({ options: given }, context) {
    const stages = new StageClock(context)
    await using build = given.exit ? undefined : beginBuild(context)
    const { running: foundDatabase } = await databaseStatus()
    const { database, backend } = await stages.time('setup', async () => ({
      backend: await context.backend(),
      database: await context.database(),
    }))
    context.terminal.note(`computing on ${backend.fingerprint}`)
    const { row, loaded: reader } = await stages.time('model', () => openModel(context, MODEL))
    // What an earlier demo has finished is not done again.
    const work = <T>(kind: JobKind, spec: object) =>
      stages.job<T>(
        kind,
        async (stage) => (await finishedResult(database, kind, spec)) ?? runJob(database, backend, kind, spec, stage),
      )

    const planning = context.terminal.stage('contexts', 'tokens')
    const { harvest } = await stages.time('contexts', () =>
      prepareHarvest(database, {
        row,
        loaded: reader,
        backend,
        stage: planning,
        options: {
          hook: given.hook,
          corpus: CORPUS,
          tokens: given.tokens,
          contextSize: CONTEXT,
          dtype: 'f32',
          seed: 0,
        },
      }).finally(() => planning.end()),
    )
    // Each stage loads what it needs, as a worker on another machine would.
    reader.model.dispose()
    if (harvest.status !== 'finished') await work(harvestKind, { harvest: harvest.id })

    const name = demoName(given)
    await trainOnce(context, name, given, harvest.id, (run) => work(trainKind, { run }))
    const dictionary = await requireDictionary(database, name)

    const spec = { dictionary: dictionary.id, harvest: harvest.id }
    const { metrics } = await work<Evaluated>(evaluateKind, {
      ...spec,
      tokens: given.evaluateTokens,
      includeExcluded: false,
    })
    const counted = await harvestOf(database, dictionary)
    await work(dashboardsKind, { ...spec, shards: shardsFor(counted, STATISTICS_TOKENS), seed: 0 })

    const steered = await stages.time('steer', async () => {
      const opened = await openModel(context, MODEL)
      const feature = await pickFeature(database, dictionary)
      const edit = {
        dictionary: name,
        feature: feature.index,
        mode: 'add' as const,
        strength: STRENGTH * feature.maxActivation,
      }
      const preset = {
        model: MODEL,
        prompt: PROMPT,
        edits: [edit],
        sampling: { temperature: 0.7, maxTokens: 40, seed: 1 },
      }
      const { answers } = await steer(database, opened, preset, 'the demo', context.signal)
      const [plain, steered] = answers.map(({ text, ids }) => ({ text, ids }))
      const texts = (ids: number[]) => ids.slice(0, 8).map((id) => opened.loaded.tokenizer?.tokenText(id) ?? String(id))
      const seen = { firesOn: texts(feature.firesOn), promotes: texts(feature.promotes) }
      opened.loaded.model.dispose()
      return { feature: feature.index, ...seen, preset, default: plain!, steered: steered! }
    })
    await context.closeDatabase()
    const loupe = build && (await showPages(context, stages, build.done, !foundDatabase))
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
  },
  render: ({ stages, seconds, metrics, steered, engine, dictionary, pages }) =>
    [
      '',
      renderMetrics(metrics),
      '',
      pc.bold(`Feature #${steered.feature} fires on ${steered.firesOn.join(' ')}`),
      `${pc.dim('prompt ')} ${PROMPT}`,
      `${pc.dim('default')} ${steered.default.text}`,
      `${pc.dim('steered')} ${steered.steered.text}`,
      '',
      renderStages(stages, seconds),
      `dictionary ${dictionary}, computed on ${engine}`,
      '',
      ...(pages ? renderPages(pages, steered.feature) : ['npx loupe start shows all of it in the browser']),
    ].join('\n'),
})

interface Pages {
  home: string
  feature: string
  steer: string
  /** Somebody else looks after them. */
  running: boolean
}

function renderPages({ home, feature, steer, running }: Pages, index: number): string[] {
  return [
    `Loupe is ${running ? 'running already ' : ''}at ${pc.bold(home)}  (${running ? 'loupe stop' : 'Ctrl-C'} ends it)`,
    `${pc.dim('feature')} #${index}  ${feature}`,
    `${pc.dim('steer')}  ${steer}`,
  ]
}

/**
 * From the start, beside stages that wait for the network or use one core. Silent, for its lines would run into their
 * bars; a failure is told when the pages are wanted. Disposing it ends what is unfinished.
 */
function beginBuild({ signal }: Context): AsyncDisposable & { done: Promise<Built> } {
  const unwanted = new AbortController()
  const done = ensureBuilt({ signal: AbortSignal.any([signal, unwanted.signal]) })
  const heard = done.catch(() => undefined)
  return {
    done,
    async [Symbol.asyncDispose]() {
      unwanted.abort()
      await heard
    },
  }
}

/** Starts everything, opens the pages, and has the command stay. */
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

/** Settings in the name: other settings make another dictionary, the same ones find it again. */
function demoName({ tokens, trainTokens, hook, dSae, k }: DemoOptions): string {
  return `demo/${hook}/topk-${dSae}-k${k}/${tokens}-${trainTokens}`
}

/** Trains, or goes on training, or finds the dictionary of an earlier demo. */
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
