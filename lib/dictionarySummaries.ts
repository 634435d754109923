/** Dictionaries as lists show them: what they are, how good they are, what is known of their features. */
import type { Database } from './db/connect'
import type { Prisma, Status } from './db/generated/client'
import type { DictionaryRow } from './dictionaries'
import type { FeatureSummary } from './featureSummary'

export interface DictionarySummary {
  id: string
  name: string
  model: { id: string; name: string } | null
  hook: string | null
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
  /** Tokens they were measured on. */
  tokens: number
  engine: string
  /** ISO 8601. */
  measuredAt: string
  l0: number | null
  explainedVariance: number | null
  /** Share of the latents that were silent on all of `tokens`. */
  deadShare: number | null
  /** Of an evaluation only. */
  crossEntropyRecovered: number | null
}

const INCLUDED = {
  model: { select: { id: true, name: true } },
  run: { select: { id: true, name: true, metrics: true, engine: true, finishedAt: true } },
  evaluations: {
    where: { kind: 'core', config: { path: ['includeExcluded'], equals: false } },
    orderBy: { createdAt: 'desc' },
    take: 1,
  },
  featureSet: { include: { harvest: { select: { id: true, name: true } } } },
} satisfies Prisma.DictionaryInclude

type Row = Prisma.DictionaryGetPayload<{ include: typeof INCLUDED }>

/** Newest first; all of them, or those that fit. */
export async function dictionarySummaries(
  { prisma }: Database,
  where: Prisma.DictionaryWhereInput = {},
): Promise<DictionarySummary[]> {
  const rows = await prisma.dictionary.findMany({
    where,
    include: INCLUDED,
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
  })
  return rows.map(summarise)
}

export async function dictionarySummary({ prisma }: Database, { id }: DictionaryRow): Promise<DictionarySummary> {
  return summarise(await prisma.dictionary.findUniqueOrThrow({ where: { id }, include: INCLUDED }))
}

function summarise(row: Row): DictionarySummary {
  const { id, name, model, hook, architecture, dIn, dSae, config, origin, run, featureSet } = row
  return {
    ...{ id, name, model, hook, architecture, dIn, dSae, origin },
    config: config as Record<string, unknown>,
    createdAt: row.createdAt.toISOString(),
    run: run && { id: run.id, name: run.name },
    figures: figuresOf(row),
    features: featureSet && {
      ...{ status: featureSet.status, tokens: featureSet.tokens, harvest: featureSet.harvest },
      summary: featureSet.summary as unknown as FeatureSummary | null,
    },
  }
}

type Figures = Record<string, number | null | undefined>
interface Measured {
  heldOut?: Figures
  training?: Figures
  crossEntropy?: Figures
}

function figuresOf({ evaluations: [evaluation], run }: Row): DictionaryFigures | null {
  if (evaluation) {
    const { engine, createdAt } = evaluation
    return pickFigures('evaluation', evaluation.metrics as Measured, engine, createdAt)
  }
  if (run?.finishedAt) return pickFigures('run', run.metrics as Measured, run.engine, run.finishedAt)
  return null
}

function pickFigures(
  source: DictionaryFigures['source'],
  measured: Measured | null,
  engine: string,
  at: Date,
): DictionaryFigures | null {
  const heldOut = (measured?.heldOut?.['tokens'] ?? 0) > 0
  const figures = heldOut ? measured?.heldOut : measured?.training
  if (!figures) return null
  const value = (from: Figures | undefined, name: string) => from?.[name] ?? null
  return {
    ...{ source, heldOut, tokens: figures['tokens'] ?? 0, engine, measuredAt: at.toISOString() },
    l0: value(figures, 'l0'),
    explainedVariance: value(figures, 'explainedVariance'),
    deadShare: value(figures, 'deadShare'),
    crossEntropyRecovered: value(measured?.crossEntropy, 'crossEntropyRecovered'),
  }
}
