/** Lists dictionaries with their figures and the state of their feature statistics. */
import type { Database } from '../db/connect'
import type { Prisma } from '../db/generated/client'
import { configOf, type DictionaryRow } from '../dictionaries/rows'
import { parseCoreRow, USUAL_EVALUATION, type CoreRow } from '../evaluations/rows'
import { parseSummary } from '../features/sets'
import type { ReportedCounts } from '../runs/pictureSchema'
import { reportedCounts } from '../runs/report'
import { RunConfig, RunFigures } from '../runs/schema'
import type { AttachedDictionary, DictionaryFigures, DictionarySummary } from './schema'

const NAMED = { select: { id: true, name: true } } as const

const INCLUDED = {
  model: NAMED,
  run: {
    select: {
      id: true,
      name: true,
      metrics: true,
      config: true,
      engine: true,
      finishedAt: true,
      harvest: NAMED,
    },
  },
  evaluations: { where: USUAL_EVALUATION, orderBy: { createdAt: 'desc' }, take: 1 },
  featureSet: { include: { harvest: NAMED } },
} satisfies Prisma.DictionaryInclude

type Row = Prisma.DictionaryGetPayload<{ include: typeof INCLUDED }>

/** Newest first; all of them, or the ones that match. */
export async function dictionarySummaries(
  database: Database,
  where: Prisma.DictionaryWhereInput = {},
): Promise<DictionarySummary[]> {
  const rows = await database.prisma.dictionary.findMany({
    where,
    include: INCLUDED,
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
  })
  return summarise(database, rows)
}

export async function dictionarySummary(database: Database, { id }: DictionaryRow): Promise<DictionarySummary> {
  const row = await database.prisma.dictionary.findUniqueOrThrow({ where: { id }, include: INCLUDED })
  return (await summarise(database, [row]))[0]!
}

type Harvest = NonNullable<DictionaryFigures['harvest']>

async function summarise(database: Database, rows: readonly Row[]): Promise<DictionarySummary[]> {
  const counts = await reportedCounts(
    database,
    rows.map(({ id }) => id),
  )
  const evaluations = new Map(rows.flatMap(({ id, evaluations: [row] }) => (row ? [[id, parseCoreRow(row)]] : [])))
  const harvests = await harvestsById(
    database,
    [...evaluations.values()].flatMap(({ config }) => config.harvest ?? []),
  )
  return rows.map((row) => {
    const { id, name, model, hook, targetHook, architecture, dIn, dSae, origin, run, featureSet } = row
    const evaluation = evaluations.get(id)
    return {
      id,
      name,
      model,
      hook,
      targetHook,
      architecture,
      dIn,
      dSae,
      origin,
      config: configOf(row),
      createdAt: row.createdAt.toISOString(),
      run: run && { id: run.id, name: run.name },
      figures: evaluation ? figuresOfEvaluation(evaluation, harvests) : figuresOfRun(run, counts.get(id)),
      features: featureSet && {
        status: featureSet.status,
        tokens: featureSet.tokens,
        harvest: featureSet.harvest,
        summary: parseSummary(featureSet.summary),
      },
    }
  })
}

async function harvestsById({ prisma }: Database, ids: string[]): Promise<Map<string, Harvest>> {
  const rows = await prisma.harvest.findMany({ where: { id: { in: ids } }, ...NAMED })
  return new Map(rows.map((row) => [row.id, row]))
}

function figuresOfEvaluation(
  { engine, createdAt, config, metrics }: CoreRow,
  harvests: ReadonlyMap<string, Harvest>,
): DictionaryFigures | null {
  const harvest = harvests.get(config.harvest ?? '') ?? null
  return pickFigures({ source: 'evaluation', engine, harvest, measuredAt: createdAt.toISOString() }, metrics)
}

/** @param counts of the run's report: L0 and dead latents on all held-out tokens, not on a sample of them */
function figuresOfRun(run: Row['run'], counts: ReportedCounts | undefined): DictionaryFigures | null {
  if (!run?.finishedAt) return null
  const { engine, harvest, finishedAt } = run
  const { training, heldOut } = RunFigures.parse(run.metrics ?? {})
  // Figures along a run are of one batch, although their count of tokens is of all tokens so far.
  const batch = training && { ...training, tokens: RunConfig.parse(run.config).batchSize }
  return pickFigures(
    { source: 'run', engine, harvest, measuredAt: finishedAt.toISOString() },
    { heldOut, training: batch },
    counts,
  )
}

type Measured = Partial<Record<'tokens' | 'l0' | 'deadShare' | 'explainedVariance', number | null>>

function pickFigures(
  origin: Pick<DictionaryFigures, 'source' | 'engine' | 'harvest' | 'measuredAt'>,
  measured: {
    heldOut?: Measured | undefined
    training?: Measured | undefined
    crossEntropy?: CoreRow['metrics']['crossEntropy']
  },
  counts?: ReportedCounts,
): DictionaryFigures | null {
  const heldOut = (measured.heldOut?.tokens ?? 0) > 0
  const figures = heldOut ? measured.heldOut : measured.training
  if (!figures) return null
  const counted: Measured = counts ?? figures
  return {
    ...origin,
    heldOut,
    tokens: counted.tokens ?? 0,
    l0: counted.l0 ?? null,
    deadShare: counted.deadShare ?? null,
    explainedVariance: figures.explainedVariance ?? null,
    explainedVarianceTokens: figures.tokens ?? 0,
    crossEntropyRecovered: measured.crossEntropy?.['crossEntropyRecovered'] ?? null,
    crossEntropyTokens: measured.crossEntropy?.['tokens'] ?? null,
  }
}

/** Newest first, those with statistics before the others. */
export async function listAttachedDictionaries({ prisma }: Database): Promise<AttachedDictionary[]> {
  const rows = await prisma.dictionary.findMany({
    where: { modelId: { not: null }, hook: { not: null } },
    orderBy: { createdAt: 'desc' },
    select: {
      id: true,
      name: true,
      hook: true,
      dSae: true,
      model: { select: { name: true } },
      featureSet: { select: { status: true } },
    },
  })
  const listed = rows.map(({ id, name, hook, dSae, model, featureSet }) => ({
    id,
    name,
    model: model!.name,
    hook: hook!,
    width: dSae,
    hasStatistics: featureSet?.status === 'finished',
  }))
  return listed.sort((a, b) => Number(b.hasStatistics) - Number(a.hasStatistics))
}
