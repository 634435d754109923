/** Sweeps as the API and pages show them, while they run and afterwards. */
import { dictionarySummaries } from '../catalog/view'
import type { Database } from '../db/connect'
import type { Status } from '../db/generated/client'
import { liveWorkers } from '../jobs/lease'
import type { RunSummary } from '../runs/schema'
import { sweepRunSummaries } from '../runs/view'
import { sweepRuns, variedSettings } from './expand'
import { newestSweeps, sweepWithRuns, type SweepWithRuns } from './rows'
import { SweepAnswer, SweepList, type SweepDetail, type SweepFigures, type SweepSummary } from './schema'

export async function listSweeps(database: Database, limit: number): Promise<SweepList> {
  const workers = await liveWorkers(database.pool)
  return SweepList.parse({ sweeps: await sweepSummaries(database, { limit }), workers })
}

export async function showSweep(database: Database, nameOrId: string): Promise<SweepAnswer> {
  const workers = await liveWorkers(database.pool)
  return SweepAnswer.parse({ sweep: await sweepDetail(database, nameOrId), workers })
}

/** Newest first. */
export async function sweepSummaries(database: Database, { limit = 200 } = {}): Promise<SweepSummary[]> {
  return (await newestSweeps(database, limit)).map(summarise)
}

export async function sweepDetail(database: Database, nameOrId: string): Promise<SweepDetail> {
  const row = await sweepWithRuns(database, nameOrId)
  const [runs, dictionaries] = await Promise.all([
    sweepRunSummaries(database, row.id),
    dictionarySummaries(database, { run: { sweepId: row.id } }),
  ])
  const planned = sweepRuns(row.spec)
  const byRun = new Map(dictionaries.map(({ run, figures }) => [run?.id, figures]))
  return {
    ...summarise(row),
    spec: row.spec,
    varied: variedSettings(planned.map(({ settings }) => settings)),
    members: runs.map((run, at) => ({
      ...run,
      label: planned[at]?.label ?? run.name,
      settings: { ...planned[at]?.settings },
      figures: byRun.get(run.id) ?? figuresSoFar(run),
    })),
  }
}

function summarise({ id, name, harvest, runs, createdAt }: SweepWithRuns): SweepSummary {
  const inState = (status: Status) => runs.filter((run) => run.status === status).length
  return {
    id,
    name,
    harvest,
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
    createdAt: createdAt.toISOString(),
  }
}

/** The newest held-out figures of a run that has made no dictionary, or not yet. */
function figuresSoFar({ metrics, engine, harvest: { id, name } }: RunSummary): SweepFigures | null {
  const { tokens, l0, explainedVariance, deadShare } = metrics?.heldOut ?? {}
  if (!tokens) return null
  return {
    source: 'training',
    heldOut: true,
    harvest: { id, name },
    tokens,
    engine,
    measuredAt: null,
    l0: l0 ?? null,
    explainedVariance: explainedVariance ?? null,
    explainedVarianceTokens: tokens,
    deadShare: deadShare ?? null,
    crossEntropyRecovered: null,
    crossEntropyTokens: null,
  }
}
