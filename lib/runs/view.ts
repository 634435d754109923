/** Training runs as the API and pages show them, while they run and afterwards. */
import { ENGINE_NAMES } from '../../trainer/sae/engines/names'
import type { Database } from '../db/connect'
import { newestTokenSample } from '../evaluations/view'
import { densityPicture, featureDensities, fittedThen } from '../features/statistics'
import { harvestSummaries } from '../harvests/view'
import { liveWorkers } from '../jobs/lease'
import { newestJobs } from '../jobs/subject'
import { describeArchitectures, settingsBehind } from './architectures'
import { listCheckpoints } from './checkpoints'
import { againCommand } from './command'
import { RunPicture } from './pictureSchema'
import { runReport } from './report'
import { newestRuns, recentSpeeds, requireRunById, runPoints, runsOfSweep, type RunWithNames } from './rows'
import { RunAnswer, RunList, TrainingChoices, trainJob, type RunDetail, type RunPoint, type RunSummary } from './schema'

export async function listRuns(database: Database, limit: number): Promise<RunList> {
  const workers = await liveWorkers(database.pool)
  return RunList.parse({ runs: await runSummaries(database, { limit }), workers })
}

/** @param id of the run */
export async function showRun(database: Database, id: string): Promise<RunAnswer> {
  const workers = await liveWorkers(database.pool)
  return RunAnswer.parse({ run: await runDetail(database, id), workers })
}

/** Figures along a run, by step. 404 for an unknown run, an empty list for a run without figures. */
export async function runMetrics(
  database: Database,
  id: string,
  range: { from?: number; limit?: number } = {},
): Promise<RunPoint[]> {
  const points = await runPoints(database, id, range)
  if (points.length === 0) await requireRunById(database, id)
  return points
}

/** What a run shows besides the figures along it; all null before its end. */
export async function runPicture(database: Database, id: string): Promise<RunPicture> {
  const { dictionaries } = await requireRunById(database, id)
  const [dictionary] = dictionaries
  if (!dictionary) return { report: null, density: null, tokens: null }
  const [stored, tokens] = await Promise.all([runReport(database, id), newestTokenSample(database, dictionary.id)])
  if (stored) {
    const { densities, zipf, ...report } = stored
    const density = densityPicture({
      densities,
      source: 'run',
      tokens: report.tokens,
      zipf: fittedThen(zipf, densities),
    })
    return RunPicture.parse({ report, density, tokens })
  }
  const counted = await featureDensities(database, dictionary.id)
  return RunPicture.parse({ report: null, density: counted && densityPicture(counted), tokens })
}

/** What the forms of runs and sweeps choose from. */
export async function trainingChoices(database: Database): Promise<TrainingChoices> {
  return TrainingChoices.parse({
    harvests: await harvestSummaries(database),
    architectures: describeArchitectures(),
    engines: ENGINE_NAMES,
  })
}

/** Newest first. */
export async function runSummaries(database: Database, { limit = 200 } = {}): Promise<RunSummary[]> {
  return summarise(database, await newestRuns(database, limit))
}

/** The runs of a sweep, in its order. */
export async function sweepRunSummaries(database: Database, sweepId: string): Promise<RunSummary[]> {
  return summarise(database, await runsOfSweep(database, sweepId))
}

/** @param id of the run */
export async function runDetail(database: Database, id: string): Promise<RunDetail> {
  const row = await requireRunById(database, id)
  const [[summary], checkpoints] = await Promise.all([summarise(database, [row]), listCheckpoints(database, id)])
  const settings = settingsBehind(row.config)
  return {
    ...summary!,
    checkpoints,
    parent: row.parent,
    holdsOut: row.harvest.trainShards < row.harvest.shards,
    settings,
    command: againCommand({ ...row, settings }),
  }
}

async function summarise(database: Database, rows: readonly RunWithNames[]): Promise<RunSummary[]> {
  const ids = rows.map(({ id }) => id)
  const [jobs, speeds] = await Promise.all([newestJobs(database, trainJob, ids), recentSpeeds(database, ids)])
  return rows.map((row) => {
    const { id, name, architecture, seed, config, engine, device, status, step, steps, metrics, error } = row
    const { id: harvestId, name: harvestName, hook, model } = row.harvest
    const job = jobs.get(id) ?? null
    const tokensPerSecond = speeds.get(id) ?? null
    const tokensLeft = (steps - step) * config.batchSize
    return {
      id,
      name,
      harvest: { id: harvestId, name: harvestName, hook, model },
      architecture,
      seed,
      config,
      engine,
      device,
      status,
      step,
      steps,
      metrics,
      error,
      tokensPerSecond,
      secondsLeft: job?.hasLiveWorker && tokensPerSecond ? tokensLeft / tokensPerSecond : null,
      job,
      dictionary: row.dictionaries[0] ?? null,
      sweep: row.sweep,
      createdAt: row.createdAt.toISOString(),
      finishedAt: row.finishedAt?.toISOString() ?? null,
    }
  })
}
