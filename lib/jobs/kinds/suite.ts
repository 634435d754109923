/** Job `suite`: a dictionary judged beyond reconstruction, in the parts that each measurement divides itself into. */
import { z } from 'zod'
import type { SuiteResult } from '../../../trainer/evaluate/suite/definition'
import { SUITE } from '../../../trainer/evaluate/suite/registry'
import { SUITE_RUNNERS } from '../../../trainer/evaluate/suite/runners'
import type { Prisma } from '../../db/generated/client'
import { suiteKindOf } from '../../suite'
import { defineJobKind, type JobContext } from '../kind'
import { suiteJob } from '../specs'
import { openSuiteInput } from '../suiteInput'

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

  async run(spec, { at, ...part }, context) {
    const { name, settings } = spec.suite[at]!
    const started = performance.now()
    const input = await context.cache.get(`suite ${JSON.stringify(spec)}`, () => openSuiteInput(context, spec))
    const result = await SUITE_RUNNERS[name].run(SUITE[name].settings.parse(settings), part, input, context.stage)
    return { at, seconds: (performance.now() - started) / 1000, result }
  },

  async finish(spec, parts, context) {
    const done = parts as { at: number; seconds: number; result: object }[]
    const results = spec.suite.map(({ name, settings }, at) => {
      const own = done.filter((part) => part.at === at)
      const finished = SUITE_RUNNERS[name].finish(
        SUITE[name].settings.parse(settings),
        own.map((part) => part.result),
      )
      return { name, settings, seconds: own.reduce((sum, part) => sum + part.seconds, 0), ...finished }
    })
    await storeResults(spec, results, context)
    return { engine: context.backend.fingerprint, results: results.map(shown) }
  },
})

type Finished = SuiteResult & { name: string; settings: object; seconds: number }

/** The figures of single latents and what is stored elsewhere stay out of the job's result. */
function shown({ name, seconds, tables, notes }: Finished) {
  return { name, seconds, tables, notes }
}

async function storeResults(spec: Spec, results: readonly Finished[], { database, backend }: JobContext) {
  const { prisma } = database
  const origin = { dictionaryId: spec.dictionary, engine: backend.fingerprint, device: backend.device }
  const control = spec.control === null ? null : await prisma.dictionary.findUnique({ where: { id: spec.control } })
  const rows = results.flatMap(({ name, settings, seconds, core, ...result }) => [
    {
      ...{ ...origin, kind: suiteKindOf(name), metrics: result },
      config: { harvest: spec.harvest, control: control?.name ?? null, settings, seconds },
    },
    ...(core ? [coreRow(spec, origin, settings, core)] : []),
  ])
  await prisma.evaluation.createMany({ data: rows as unknown as Prisma.EvaluationCreateManyInput[] })
}

function coreRow({ dictionary, harvest }: Spec, origin: object, settings: object, core: object) {
  const config = { dictionary, harvest, ...settings, includeExcluded: false }
  return { ...origin, kind: 'core', config, metrics: { ...core, includeExcluded: false } }
}
