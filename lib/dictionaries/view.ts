/** Dictionaries as lists show them: what they are, how good they are, what is known of their features. */
import type { Database } from '../db/connect'
import type { Prisma, Status } from '../db/generated/client'
import type { DictionaryRow } from './rows'
import { USUAL_EVALUATION } from '../evaluations/view'
import type { FeatureSummary } from '../features/statistics'
import { reportedCounts } from '../runs/report'

export interface DictionarySummary {
  id: string
  name: string
  model: { id: string; name: string } | null
  hook: string | null
  /** Where a transcoder writes; null where that is not known, and for others. */
  targetHook: string | null
  architecture: string
  dIn: number
  dSae: number
  config: Record<string, unknown>
  origin: 'run' | 'import'
  /** ISO 8601. */
  createdAt: string
  run: { id: string; name: string } | null
  figures: DictionaryFigures | null
  features: {
    status: Status
    tokens: number
    harvest: { id: string; name: string }
    summary: FeatureSummary | null
  } | null
}

export interface DictionaryFigures {
  /** The newest evaluation without first positions and sinks, else what the run measured of itself at its end. */
  source: 'evaluation' | 'run'
  /** False where a harvest has no held-out tokens: the figures are of training ones then. */
  heldOut: boolean
  /** The harvest they were measured on; null when it is gone. */
  harvest: { id: string; name: string } | null
  /** Tokens of L0 and of the dead share. */
  tokens: number
  engine: string
  /** ISO 8601. */
  measuredAt: string
  l0: number | null
  explainedVariance: number | null
  /** Tokens of the explained variance: at the end of a run a sample of the held-out ones. */
  explainedVarianceTokens: number
  /** Share of the latents that were silent on all of `tokens`. */
  deadShare: number | null
  /** Of an evaluation only. */
  crossEntropyRecovered: number | null
  /** Predictions of the cross-entropy. */
  crossEntropyTokens: number | null
}

const INCLUDED = {
  model: { select: { id: true, name: true } },
  run: {
    select: {
      id: true,
      name: true,
      metrics: true,
      config: true,
      engine: true,
      finishedAt: true,
      harvest: { select: { id: true, name: true } },
    },
  },
  evaluations: { where: USUAL_EVALUATION, orderBy: { createdAt: 'desc' }, take: 1 },
  featureSet: { include: { harvest: { select: { id: true, name: true } } } },
} satisfies Prisma.DictionaryInclude

type Row = Prisma.DictionaryGetPayload<{ include: typeof INCLUDED }>

/** Newest first; all of them, or those that fit. */
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

async function summarise(database: Database, rows: readonly Row[]): Promise<DictionarySummary[]> {
  const counts = await reportedCounts(
    database,
    rows.map(({ id }) => id),
  )
  const harvests = await database.prisma.harvest.findMany({
    where: { id: { in: rows.flatMap(({ evaluations }) => evaluations.flatMap((each) => harvestOf(each) ?? [])) } },
    select: { id: true, name: true },
  })
  const known = new Map(harvests.map((harvest) => [harvest.id, harvest]))
  return rows.map((row) => {
    const { id, name, model, hook, targetHook, architecture, dIn, dSae, config, origin, run, featureSet } = row
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
      config: config as Record<string, unknown>,
      createdAt: row.createdAt.toISOString(),
      run: run && { id: run.id, name: run.name },
      figures: figuresOf(row, counts.get(id), known),
      features: featureSet && {
        status: featureSet.status,
        tokens: featureSet.tokens,
        harvest: featureSet.harvest,
        summary: featureSet.summary as unknown as FeatureSummary | null,
      },
    }
  })
}

type Figures = Record<string, number | null | undefined>
interface Measured {
  heldOut?: Figures
  training?: Figures
  crossEntropy?: Figures
}
type Named = NonNullable<DictionaryFigures['harvest']>

const harvestOf = ({ config }: Row['evaluations'][number]) => (config as { harvest?: string }).harvest

/** @param counts of the run's report: L0 and dead latents on all held-out tokens, not on a sample of them */
function figuresOf(
  { evaluations: [evaluation], run }: Row,
  counts: Figures | undefined,
  harvests: ReadonlyMap<string, Named>,
): DictionaryFigures | null {
  if (evaluation) {
    const { engine, createdAt } = evaluation
    const origin = { source: 'evaluation', engine, harvest: harvests.get(harvestOf(evaluation) ?? '') ?? null } as const
    return pickFigures({ ...origin, measuredAt: createdAt.toISOString() }, evaluation.metrics as Measured)
  }
  if (!run?.finishedAt) return null
  const { engine, harvest, finishedAt } = run
  const origin = { source: 'run', engine, harvest, measuredAt: finishedAt.toISOString() } as const
  const { training, ...measured } = run.metrics as Measured
  // What is counted along a run is all tokens so far; its figures are of one batch.
  const batch = training && { ...training, tokens: (run.config as { batchSize: number }).batchSize }
  return pickFigures(origin, { ...measured, ...(batch && { training: batch }) }, counts)
}

function pickFigures(
  origin: Pick<DictionaryFigures, 'source' | 'engine' | 'harvest' | 'measuredAt'>,
  measured: Measured | null,
  counts?: Figures,
): DictionaryFigures | null {
  const heldOut = (measured?.heldOut?.['tokens'] ?? 0) > 0
  const figures = heldOut ? measured?.heldOut : measured?.training
  if (!figures) return null
  const value = (from: Figures | undefined, name: string) => from?.[name] ?? null
  const counted = counts ?? figures
  return {
    ...origin,
    heldOut,
    tokens: counted['tokens'] ?? 0,
    l0: value(counted, 'l0'),
    deadShare: value(counted, 'deadShare'),
    explainedVariance: value(figures, 'explainedVariance'),
    explainedVarianceTokens: figures['tokens'] ?? 0,
    crossEntropyRecovered: value(measured?.crossEntropy, 'crossEntropyRecovered'),
    crossEntropyTokens: value(measured?.crossEntropy, 'tokens'),
  }
}

// MERGED HEADER of lib/dictionaries/view.ts: Dictionaries that texts can be encoded and steered with: those attached to a model and a hook.

export interface AttachedDictionary {
  id: string
  name: string
  /** Name of the model. */
  model: string
  hook: string
  /** Number of features. */
  width: number
  /** Whether statistics of its features are there. */
  hasStatistics: boolean
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
