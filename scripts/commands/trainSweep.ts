/** `loupe train --sweep`: many runs on one harvest, trained by this process together with all workers. */
import { readFileSync } from 'node:fs'
import type { Harvest } from '../../lib/db/generated/client'
import { trainKind } from '../../lib/runs/job'
import { runQueued } from '../../lib/jobs/run'
import { SweepSpec } from '../../lib/sweeps/schema'
import { sweepDetail } from '../../lib/sweeps/view'
import { prepareSweep, requireUnfinished, submitRuns } from '../../lib/sweeps/start'
import { LoupeError } from '../../trainer/errors'
import { parseWith } from '../../trainer/sae/dictionary/config'
import { resolveEngine, type EngineName } from '../../trainer/sae/engines/names'
import type { Context } from '../cli/context'
import { flagName } from '../cli/flags'
import { sweepResult, type SweepResult } from './sweepResult'

export interface TrainSweepOptions {
  harvest: Harvest
  /** Path of the specification. */
  file: string
  name: string | undefined
  resume: boolean
  detach: boolean
  engine: EngineName
}

/**
 * @param single flags of a single run, by name
 * @throws LoupeError naming those that are set, since the settings of a sweep are in its file
 */
export function requireNoSettings(file: string, single: Readonly<Record<string, unknown>>): void {
  const names = Object.keys(single).filter((key) => single[key] !== undefined)
  if (names.length === 0) return
  const flags = names.map((key) => flagName(key)).join(', ')
  throw new LoupeError('bad-usage', `the settings of a sweep belong in its file, not in flags: ${flags}`, {
    remedy: `write the settings into "base" of ${file}, also those of a preset; --from is for single runs`,
  })
}

/** @throws LoupeError naming the file and the problem */
function readSweepFile(path: string): SweepSpec {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new LoupeError('bad-usage', `--sweep: "${path}" cannot be read: ${(cause as Error).message}`, { cause })
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new LoupeError('bad-input', `${path} is not JSON: ${(cause as Error).message}`, { cause })
  }
  return parseWith(SweepSpec, value, path)
}

export async function trainSweep(context: Context, options: TrainSweepOptions): Promise<SweepResult> {
  const { harvest, file, name, resume, detach, engine } = options
  const database = await context.database()
  const wanted = { harvest, spec: readSweepFile(file), name, engine }
  const backend = detach ? undefined : await context.backend()
  if (backend) resolveEngine(engine, backend.name)
  const sweep = resume ? await requireUnfinished(database, wanted) : await prepareSweep(database, wanted)
  const jobs = await submitRuns(database, sweep, backend)
  if (backend && jobs.length > 0) {
    context.terminal.note(`sweep ${sweep.name}: ${jobs.length} runs (${backend.fingerprint})`)
    const { members } = await sweepDetail(database, sweep.id)
    const total = members.reduce((sum, { job, config }) => {
      return jobs.includes(job?.id ?? '') ? sum + config.tokens : sum
    }, 0)
    const stage = context.terminal.stage('sweep', 'tokens')
    await runQueued(database, backend, trainKind, { jobs, total }, stage)
    stage.end()
  }
  return sweepResult(await sweepDetail(database, sweep.id))
}
