/** Every command, listed once, in the order of the help. */
import type { Command } from '../cli/command'
import { benchSynthetic } from './bench'
import { checkpoints, checkpointsDictionary } from './checkpoints'
import { compute } from './compute'
import { dashboards } from './dashboards'
import { dbMigrate, dbStart, dbStop, dbUrl } from './db'
import { demo } from './demo'
import { doctor } from './doctor'
import { encode } from './encode'
import { evaluate } from './evaluate'
import { exportCommand } from './export'
import { generate } from './generate'
import { harvest } from './harvest'
import { importCommand } from './import'
import { jobs, jobsCancel } from './jobs'
import { logits } from './logits'
import { modelAdd, modelList, modelShow } from './model'
import { setup } from './setup'
import { start } from './start'
import { status } from './status'
import { steer } from './steer'
import { stop } from './stop'
import { sweepEvaluate, sweepList, sweepShow } from './sweep'
import { train } from './train'
import { worker } from './worker'

export const commands: readonly Command[] = [
  ...[demo, doctor, setup],
  ...[start, stop, status],
  ...[modelAdd, modelList, modelShow, logits, generate],
  ...[harvest, train, sweepList, sweepShow, sweepEvaluate, dashboards, evaluate],
  ...[checkpoints, checkpointsDictionary],
  ...[benchSynthetic],
  ...[encode, steer, exportCommand, importCommand],
  ...[compute, worker, jobs, jobsCancel],
  ...[dbStart, dbStop, dbUrl, dbMigrate],
]
