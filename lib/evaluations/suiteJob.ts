/** Job `suite`: tests of a dictionary beyond reconstruction. Each measurement divides itself into parts. */
import { z } from 'zod'
import { SUITE, type SuiteName } from '../../trainer/evaluate/suite'
import type { SuiteResult } from '../../trainer/evaluate/suite/definition'
import { SUITE_RUNNERS } from '../../trainer/evaluate/suite/runners'
import { defineJobKind, type JobContext } from '../jobs/kind'
import { suiteKindOf } from './kinds'
import { hasStored, storeEvaluations, type NewEvaluation } from './rows'
import { suiteJob } from './schema'
import { openSuiteInput } from './suiteInput'

/** Which measurement of the spec, and which of its work. */
const Part = z.strictObject({ at: z.int().min(0), from: z.int().min(0), to: z.int().min(0), tokens: z.number() })
type Part = z.output<typeof Part>

/** What a part leaves. Its result is plain JSON, which only the runner of the measurement reads. */
const Done = z.strictObject({
  at: z.int(),
  seconds: z.number(),
  result: z.custom<object>((value) => typeof value === 'object' && value !== null),
})
type Done = z.output<typeof Done>

type Spec = z.output<typeof suiteJob.schema>

export const suiteKind = defineJobKind({
  ...suiteJob,
  part: Part,

  plan: ({ suite, control }) =>
    Promise.resolve(
      suite.flatMap(({ name, settings }, at) =>
        SUITE_RUNNERS[name]
          .plan(SUITE[name].settings.parse(settings), { hasControl: control !== null })
          .map((part) => ({ spec: { at, ...part }, total: Math.round(part.tokens) })),
      ),
    ),

  async run(spec, part, context) {
    const { at, ...work } = part
    const { name, settings } = spec.suite[at]!
    const started = performance.now()
    const input = await context.cache.get(`suite ${JSON.stringify(spec)}`, () => openSuiteInput(context, spec))
    const result = await SUITE_RUNNERS[name].run(SUITE[name].settings.parse(settings), work, input, context.stage)
    const done: Done = { at, seconds: (performance.now() - started) / 1000, result }
    const all = await completed(context, part, done)
    if (all) await store(context, spec, finished(spec, at, all))
    return done
  },

  async finish(spec, parts, context) {
    const done = z.array(Done).parse(parts)
    const results = spec.suite.map((_, at) =>
      finished(
        spec,
        at,
        done.filter((part) => part.at === at),
      ),
    )
    // Workers that end the last two parts of a measurement at the same moment leave it to this.
    for (const result of results) await store(context, spec, result)
    return { engine: context.backend.fingerprint, results: results.map(withoutLatents) }
  },
})

/** All parts of a measurement in order if this one is the last to end; undefined while others are unfinished. */
async function completed(
  { database: { prisma }, job }: JobContext,
  { at, from }: Part,
  done: Done,
): Promise<Done[] | undefined> {
  const where = { jobId: job, spec: { path: ['at'], equals: at } }
  if ((await prisma.jobPart.count({ where: { ...where, status: { not: 'finished' } } })) > 1) return undefined
  const rows = await prisma.jobPart.findMany({ where, orderBy: { idx: 'asc' } })
  return rows.map(({ spec, result }) => (Part.parse(spec).from === from ? done : Done.parse(result)))
}

type Finished = SuiteResult & { name: SuiteName; settings: object; seconds: number }

function finished({ suite }: Spec, at: number, parts: readonly Done[]): Finished {
  const { name, settings } = suite[at]!
  const result = SUITE_RUNNERS[name].finish(
    SUITE[name].settings.parse(settings),
    parts.map((part) => part.result),
  )
  return { name, settings, seconds: parts.reduce((sum, part) => sum + part.seconds, 0), ...result }
}

/** Figures of single latents, and what is stored elsewhere, stay out of the job's result. */
function withoutLatents({ name, seconds, tables, notes }: Finished) {
  return { name, seconds, tables, notes }
}

/** Once for each job, as soon as a measurement is complete: a later one that fails does not take it with it. */
async function store({ database, job, backend }: JobContext, spec: Spec, measured: Finished) {
  const { name, settings, seconds, core, ...metrics } = measured
  const place = { dictionaryId: spec.dictionary, kind: suiteKindOf(name) }
  if (await hasStored(database, place, job)) return
  const control =
    spec.control === null ? null : await database.prisma.dictionary.findUnique({ where: { id: spec.control } })
  const origin = { engine: backend.fingerprint, device: backend.device }
  const config = { harvest: spec.harvest, control: control?.name ?? null, settings, seconds, job }
  await storeEvaluations(database, [
    { ...place, ...origin, config, metrics },
    ...(core ? [{ ...coreRow(spec, settings, core), ...origin }] : []),
  ])
}

function coreRow({ dictionary, harvest }: Spec, settings: object, core: object) {
  return {
    dictionaryId: dictionary,
    kind: 'core',
    config: { dictionary, harvest, ...settings, includeExcluded: false },
    metrics: { ...core, includeExcluded: false },
  } satisfies Partial<NewEvaluation>
}
