/** Training runs: starting and following them. */
import { z } from 'zod'
import { architectureNamed, architectureNames } from '../../../trainer/sae/architectures'
import { FROM_HARVEST } from '../../runs/fromHarvest'
import { requireHarvest } from '../../harvests/rows'
import { runPicture } from '../../runs/report'
import { runDetail, runMetrics, listRuns, showRun } from '../../runs/view'
import { startRun } from '../../runs/start'
import { defineRoute } from '../route'
import { RunPictureAnswer } from '../../runs/pictureSchema'
import { RunAnswer, RunList, RunPoint } from '../../runs/schema'
import { IdParams } from '../../base/fields'
import { trainingFields } from '../../runs/trainingSchema'

const tag = 'runs'
const RunParams = IdParams('run')
const POINTS = 2000

const list = defineRoute({
  method: 'GET',
  path: '/runs',
  summary: 'List training runs',
  tag,
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(1000).default(200).describe('Most runs to give'),
  }),
  response: RunList,
  handler: ({ query }, { database }) => listRuns(database, query.limit),
})

const own = {
  ...trainingFields({
    maxLength: 200,
    description: 'Name of the run and of its dictionary; made from the settings by default',
  }),
  from: z
    .string()
    .min(1)
    .max(300)
    .optional()
    .describe('Begin with the weights of a checkpoint: RUN (name or id; its newest), RUN@best or RUN@STEP'),
}

/** The settings of one architecture, beside what every run takes. */
function startOf(architecture: string) {
  const { shape } = architectureNamed(architecture).schema as z.ZodObject
  // The widths come from the harvest.
  const settings = Object.entries(shape).filter(([name]) => !FROM_HARVEST.has(name))
  return z.strictObject({ ...own, ...Object.fromEntries(settings) }) as z.ZodObject<
    typeof own & { architecture: z.ZodLiteral<string> }
  >
}

const [first, ...others] = architectureNames().map(startOf)
const Start = z.discriminatedUnion('architecture', [first!, ...others], {
  error: `expected one of ${architectureNames().join(', ')}`,
})

const start = defineRoute({
  method: 'POST',
  path: '/runs',
  summary: 'Start a training run',
  description:
    'Puts it into the queue; a worker (npx loupe worker) takes it. Everything that can be checked is checked first: settings, the name, memory.',
  tag,
  body: Start,
  response: z.strictObject({
    run: z.uuid().describe('Id of the run'),
    name: z.string().describe('Its name'),
    job: z.uuid().describe('Id of the job that trains it'),
  }),
  async handler({ body: { harvest: asked, name, engine, from, ...settings } }, { database }) {
    const harvest = await requireHarvest(database, asked)
    const given = { harvest, settings, engine, from, resume: false, ...(name && { name }) }
    const { run, job } = await startRun(database, given)
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
  description: `At most about ${POINTS} points: more are thinned evenly; the newest and every held-out one stay. To follow a run, ask again from the last step seen: held-out figures may have been added to it since.`,
  tag,
  params: RunParams,
  query: z.strictObject({
    from: z.coerce
      .number()
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .default(0)
      .describe('First step to give'),
    limit: z.coerce.number().int().min(10).max(POINTS).default(POINTS).describe('Most points to give'),
  }),
  response: z.strictObject({ points: z.array(RunPoint).describe('By step') }),
  async handler({ params: { id }, query }, { database }) {
    const points = await runMetrics(database, id, query)
    // Tells a run without figures from none.
    if (points.length === 0) await runDetail(database, id)
    return { points }
  },
})

const picture = defineRoute({
  method: 'GET',
  path: '/runs/{id}/picture',
  summary: 'What a run shows at its end: density of latents with the Zipf fit, single tokens, gradients',
  tag,
  params: RunParams,
  response: RunPictureAnswer,
  async handler({ params: { id } }, { database }) {
    const found = await runPicture(database, id)
    // Tells a run that has nothing to show yet from none.
    if (!found.density) await runDetail(database, id)
    return found
  },
})

export const runRoutes = [list, start, one, metrics, picture]
