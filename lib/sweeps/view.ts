/** Sweeps as lists and pages show them, while they run and afterwards. */
import type { Database } from '../db/connect'
import type { Prisma, Status } from '../db/generated/client'
import { dictionarySummaries, type DictionaryFigures } from '../dictionaries/view'
import { sweepRunSummaries, type RunSummary } from '../runs/view'
import { variedSettings } from './expand'
import { sweepRuns, type SweepSpec, SweepAnswer, SweepList } from './schema'
import { requireSweep } from './start'
import type { z } from 'zod'
import { liveWorkers } from '../jobs/lease'

export interface SweepSummary {
  id: string
  name: string
  harvest: { id: string; name: string; hook: string; model: { id: string; name: string } }
  architectures: string[]
  /** How many of its runs are in each state. */
  runs: Record<Status, number> & { all: number }
  /** Steps taken and in all, over all runs. */
  steps: { done: number; total: number }
  /** ISO 8601. */
  createdAt: string
}

/** Figures of a run's dictionary; before it has one, the run's newest held-out ones: `training`, also once it has failed. */
export type SweepFigures = Omit<DictionaryFigures, 'source' | 'measuredAt'> & {
  source: DictionaryFigures['source'] | 'training'
  /** Null with `training`: when they were measured is not kept. */
  measuredAt: string | null
}

export interface SweepRunSummary extends RunSummary {
  /** What tells it from the others. */
  label: string
  /** As the sweep gives them; the others are defaults. */
  settings: Record<string, unknown>
  figures: SweepFigures | null
}

export interface SweepDetail extends SweepSummary {
  spec: SweepSpec
  /** Settings in which the runs differ. */
  varied: string[]
  members: SweepRunSummary[]
}

const INCLUDED = {
  harvest: { select: { id: true, name: true, hook: true, model: { select: { id: true, name: true } } } },
  runs: { select: { architecture: true, status: true, step: true, steps: true }, orderBy: { sweepIndex: 'asc' } },
} satisfies Prisma.SweepInclude

type Row = Prisma.SweepGetPayload<{ include: typeof INCLUDED }>

/** Newest first. */
export async function sweepSummaries({ prisma }: Database, { limit = 200 } = {}): Promise<SweepSummary[]> {
  const rows = await prisma.sweep.findMany({
    include: INCLUDED,
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    take: limit,
  })
  return rows.map(summarise)
}

/** @param asked name or id */
export async function sweepDetail(database: Database, asked: string): Promise<SweepDetail> {
  const { id } = await requireSweep(database, asked)
  const [row, runs, dictionaries] = await Promise.all([
    database.prisma.sweep.findUniqueOrThrow({ where: { id }, include: INCLUDED }),
    sweepRunSummaries(database, id),
    dictionarySummaries(database, { run: { sweepId: id } }),
  ])
  const spec = row.spec as unknown as SweepSpec
  const planned = sweepRuns(spec)
  const byRun = new Map(dictionaries.map(({ run, figures }) => [run?.id, figures]))
  return {
    ...summarise(row),
    spec,
    varied: variedSettings(planned.map(({ settings }) => settings)),
    members: runs.map((run, at) => ({
      ...run,
      label: planned[at]?.label ?? run.name,
      settings: { ...planned[at]?.settings },
      figures: byRun.get(run.id) ?? figuresSoFar(run, row.harvest),
    })),
  }
}

function summarise({ id, name, harvest, runs, createdAt }: Row): SweepSummary {
  const inState = (status: Status) => runs.filter((run) => run.status === status).length
  return {
    id,
    name,
    harvest,
    createdAt: createdAt.toISOString(),
    architectures: [...new Set(runs.map(({ architecture }) => architecture))],
    runs: {
      all: runs.length,
      pending: inState('pending'),
      running: inState('running'),
      finished: inState('finished'),
      failed: inState('failed'),
      cancelled: inState('cancelled'),
    },
    steps: {
      done: runs.reduce((sum, { step }) => sum + step, 0),
      total: runs.reduce((sum, { steps }) => sum + steps, 0),
    },
  }
}

function figuresSoFar({ metrics, engine }: RunSummary, { id, name }: Row['harvest']): SweepFigures | null {
  const heldOut = metrics?.heldOut as Record<string, number | null> | undefined
  if (!heldOut?.['tokens']) return null
  return {
    source: 'training',
    heldOut: true,
    tokens: heldOut['tokens'],
    engine,
    measuredAt: null,
    harvest: { id, name },
    l0: heldOut['l0'] ?? null,
    explainedVariance: heldOut['explainedVariance'] ?? null,
    explainedVarianceTokens: heldOut['tokens'],
    deadShare: heldOut['deadShare'] ?? null,
    crossEntropyRecovered: null,
    crossEntropyTokens: null,
  }
}

// MERGED HEADER of lib/sweeps/view.ts: Answers about sweeps, for routes and for the first view of a page alike.

export async function listSweeps(database: Database, limit: number): Promise<z.output<typeof SweepList>> {
  const workers = await liveWorkers(database.pool)
  return SweepList.parse({ sweeps: await sweepSummaries(database, { limit }), workers })
}

export async function showSweep(database: Database, asked: string): Promise<z.output<typeof SweepAnswer>> {
  const workers = await liveWorkers(database.pool)
  return SweepAnswer.parse({ sweep: await sweepDetail(database, asked), workers })
}
