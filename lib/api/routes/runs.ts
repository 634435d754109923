/** Training runs: starting and following them. */
import { z } from 'zod'
import { architectureNamed, architectureNames } from '../../../trainer/sae/architectures'
import { IdParams } from '../../base/fields'
import { requireHarvest } from '../../harvests/rows'
import { RunPicture } from '../../runs/pictureSchema'
import { RunAnswer, RunList, RunPoint, runRequestFields, StartedRun } from '../../runs/schema'
import { FROM_HARVEST } from '../../runs/settings'
import { startRun } from '../../runs/start'
import { listRuns, runMetrics, runPicture, showRun } from '../../runs/view'
import { defineRoute } from '../route'

const tag = 'runs'
const RunParams = IdParams('run')
const POINTS = 2000

const list = defineRoute({
  method: 'GET',
  path: '/runs',
  summary: 'List training runs',
  tag,
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(1000).default(200).describe('Highest number of runs in the answer'),
  }),
  response: RunList,
  handler: ({ query }, { database }) => listRuns(database, query.limit),
})

/** The settings of one architecture, with the fields that every run has. */
function requestFor(architecture: string) {
  const { shape } = architectureNamed(architecture).schema as z.ZodObject
  const settings = Object.entries(shape).filter(([name]) => !FROM_HARVEST.has(name))
  return z.strictObject({ ...runRequestFields, ...Object.fromEntries(settings) }) as z.ZodObject<
    typeof runRequestFields & { architecture: z.ZodLiteral<string> }
  >
}

const [first, ...others] = architectureNames().map(requestFor)
const RunRequest = z.discriminatedUnion('architecture', [first!, ...others], {
  error: `expected one of ${architectureNames().join(', ')}`,
})

const start = defineRoute({
  method: 'POST',
  path: '/runs',
  summary: 'Start a training run',
  description:
    'Puts the run into the queue; a worker (npx loupe worker) takes it. Settings, name and memory are checked first.',
  tag,
  body: RunRequest,
  response: StartedRun,
  example: ({ harvest }) => ({
    body: { harvest, architecture: 'topk', d_sae: 512, k: 16, tokens: 100_000, name: 'small' },
  }),
  async handler({ body: { harvest: harvestNameOrId, name, engine, from, ...settings } }, { database }) {
    const harvest = await requireHarvest(database, harvestNameOrId)
    const { run, job } = await startRun(database, { harvest, settings, name, engine, from, resume: false })
    return { run: run.id, name: run.name, job }
  },
})

const one = defineRoute({
  method: 'GET',
  path: '/runs/{id}',
  summary: 'One training run: state, settings, newest figures, checkpoints',
  tag,
  params: RunParams,
  response: RunAnswer,
  handler: ({ params: { id } }, { database }) => showRun(database, id),
})

const metrics = defineRoute({
  method: 'GET',
  path: '/runs/{id}/metrics',
  summary: 'Figures along a run',
  description: `The limit is about ${POINTS} points: more are thinned evenly; the newest and all held-out ones stay. To follow a run, ask again from the last step seen: it may have held-out figures now.`,
  tag,
  params: RunParams,
  query: z.strictObject({
    from: z.coerce
      .number()
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .default(0)
      .describe('First step'),
    limit: z.coerce
      .number()
      .int()
      .min(10)
      .max(POINTS)
      .default(POINTS)
      .describe('About the highest number of points in the answer'),
  }),
  response: z.strictObject({ points: z.array(RunPoint).describe('By step') }),
  example: () => ({ query: { limit: 20 } }),
  async handler({ params: { id }, query }, { database }) {
    return { points: await runMetrics(database, id, query) }
  },
})

const picture = defineRoute({
  method: 'GET',
  path: '/runs/{id}/picture',
  summary: 'What a run shows at its end: density of latents with the Zipf fit, single tokens, gradients',
  tag,
  params: RunParams,
  response: RunPicture,
  handler: ({ params: { id } }, { database }) => runPicture(database, id),
})

export const runRoutes = [list, start, one, metrics, picture]
