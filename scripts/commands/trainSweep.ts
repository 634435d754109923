/** `loupe train --sweep`: many runs on one harvest, by this process together with whatever workers there are. */
import type { Harvest } from '../../lib/db/generated/client'
import { trainKind } from '../../lib/runs/job/train'
import { runQueued } from '../../lib/jobs/run'
import { readSweepFile } from '../../lib/sweeps/schema'
import { sweepDetail } from '../../lib/sweeps/view'
import { findUnfinished, prepareSweep, submitRuns } from '../../lib/sweeps/start'
import { LoupeError } from '../../trainer/errors'
import { resolveEngine, type EngineName } from '../../trainer/sae/engines/names'
import type { Context } from '../cli/context'
import { flagName } from '../cli/flags'
import { sweepResult, type SweepResult } from './sweepResult'

export interface TrainSweep {
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
 * @throws LoupeError naming those that were given beside the file of a sweep
 */
export function requireNothingBeside(file: string, single: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(single).filter((key) => single[key] !== undefined)
  if (given.length === 0) return
  const flags = given.map((key) => flagName(key)).join(', ')
  throw new LoupeError('bad-usage', `settings of a sweep stand in its file, but beside it there is ${flags}`, {
    remedy: `write settings into "base" of ${file}, those of a preset one by one; --from is for single runs`,
  })
}

export async function trainSweep(context: Context, given: TrainSweep): Promise<SweepResult> {
  const { harvest, file, name, resume, detach, engine } = given
  const database = await context.database()
  const options = { harvest, spec: readSweepFile(file), name, engine }
  const backend = detach ? undefined : await context.backend()
  if (backend) resolveEngine(engine, backend.name)
  const sweep = resume ? await findUnfinished(database, options) : await prepareSweep(database, options)
  const jobs = await submitRuns(database, sweep, backend)
  if (backend && jobs.length > 0) {
    context.terminal.note(`sweep ${sweep.name}: ${jobs.length} runs (${backend.fingerprint})`)
    const { members } = await sweepDetail(database, sweep.id)
    const total = members.reduce((sum, { job, config }) => {
      return jobs.includes(job?.id ?? '') ? sum + Number(config['tokens']) : sum
    }, 0)
    const stage = context.terminal.stage('sweep', 'tokens')
    await runQueued(database, backend, trainKind, { jobs, total }, stage)
    stage.end()
  }
  return sweepResult(await sweepDetail(database, sweep.id))
}
