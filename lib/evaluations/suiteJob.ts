/** Job `suite`: a dictionary judged beyond reconstruction, in the parts that each measurement divides itself into. */
import { z } from 'zod'
import type { SuiteResult } from '../../trainer/evaluate/suite/definition'
import { SUITE, type SuiteName } from '../../trainer/evaluate/suite'
import { SUITE_RUNNERS } from '../../trainer/evaluate/suite/runners'
import type { Prisma } from '../db/generated/client'
import { suiteKindOf } from './suite'
import { defineJobKind, type JobContext } from '../jobs/kind'
import { suiteJob } from '../jobs/specs'
import { openSuiteInput } from './suiteInput'

/** Which measurement of the spec, and which of its work. */
const Part = z.strictObject({ at: z.int().min(0), from: z.int().min(0), to: z.int().min(0), tokens: z.number() })

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
    const done: Done = { seconds: (performance.now() - started) / 1000, result }
    const all = await completed(context, part, done)
    if (all) await store(context, spec, finished(spec, at, all))
    return { at, ...done }
  },

  async finish(spec, parts, context) {
    const done = parts as (Done & { at: number })[]
    const results = spec.suite.map((_, at) =>
      finished(
        spec,
        at,
        done.filter((part) => part.at === at),
      ),
    )
    // Workers that end the last two parts of a measurement at the same moment leave it to this.
    for (const result of results) await store(context, spec, result)
    return { engine: context.backend.fingerprint, results: results.map(shown) }
  },
})

/** What a part leaves. */
interface Done {
  seconds: number
  result: object
}

/** All parts of a measurement in order, where this one is the last of them to end; undefined where others are left. */
async function completed(
  { database: { prisma }, job }: JobContext,
  own: z.output<typeof Part>,
  done: Done,
): Promise<Done[] | undefined> {
  const where = { jobId: job, spec: { path: ['at'], equals: own.at } }
  if ((await prisma.jobPart.count({ where: { ...where, status: { not: 'finished' } } })) > 1) return undefined
  const rows = await prisma.jobPart.findMany({ where, orderBy: { idx: 'asc' } })
  return rows.map(({ spec, result }) =>
    (spec as { from: number }).from === own.from ? done : (result as unknown as Done),
  )
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

/** The figures of single latents and what is stored elsewhere stay out of the job's result. */
function shown({ name, seconds, tables, notes }: Finished) {
  return { name, seconds, tables, notes }
}

/** Once for each job, as soon as a measurement is complete, so that one that fails later takes none with it. */
async function store({ database: { prisma }, job, backend }: JobContext, spec: Spec, measured: Finished) {
  const { name, settings, seconds, core, ...result } = measured
  const place = { dictionaryId: spec.dictionary, kind: suiteKindOf(name) }
  if (await prisma.evaluation.findFirst({ where: { ...place, config: { path: ['job'], equals: job } } })) return
  const control = spec.control === null ? null : await prisma.dictionary.findUnique({ where: { id: spec.control } })
  const origin = { engine: backend.fingerprint, device: backend.device }
  const config = { harvest: spec.harvest, control: control?.name ?? null, settings, seconds, job }
  const rows = [
    { ...place, ...origin, config, metrics: result },
    ...(core ? [{ ...coreRow(spec, settings, core), ...origin }] : []),
  ]
  await prisma.evaluation.createMany({ data: rows as unknown as Prisma.EvaluationCreateManyInput[] })
}

function coreRow({ dictionary, harvest }: Spec, settings: object, core: object) {
  const config = { dictionary, harvest, ...settings, includeExcluded: false }
  return { dictionaryId: dictionary, kind: 'core', config, metrics: { ...core, includeExcluded: false } }
}
