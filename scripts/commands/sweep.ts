import { z } from 'zod'
import { EvaluationOptions, evaluationSpec } from '../../lib/analyses'
import { evaluateKind } from '../../lib/jobs/kinds/evaluate'
import { runJob } from '../../lib/jobs/run'
import { unevaluated } from '../../lib/sweeps/evaluate'
import { sweepDetail, sweepSummaries, type SweepDetail } from '../../lib/sweeps/summaries'
import { requireSweep } from '../../lib/sweeps/sweeps'
import { defineCommand } from '../cli/command'
import { formatTable } from '../cli/table'

const sweepArgument = { name: 'sweep', description: 'its name or id' }

/** A sweep as commands print it. */
export interface SweepResult {
  sweep: string
  id: string
  harvest: string
  status: Record<string, number>
  runs: {
    run: string
    label: string
    architecture: string
    d_sae: number | null
    k: number | null
    status: string
    l0: number | null
    explainedVariance: number | null
    crossEntropyRecovered: number | null
    deadShare: number | null
    tokensPerSecond: number | null
    /** Where the figures come from: evaluation, run, or training while it lasts. */
    source: string | null
    /** Held-out tokens they were measured on. */
    measuredOn: number | null
    error: string | null
  }[]
}

export function sweepResult({ name, id, harvest, runs, members }: SweepDetail): SweepResult {
  const size = (value: unknown) => (typeof value === 'number' ? value : null)
  return {
    ...{ sweep: name, id, harvest: harvest.name, status: runs },
    runs: members.map(({ name: run, label, architecture, config, status, tokensPerSecond, figures, error }) => ({
      ...{ run, label, architecture, d_sae: size(config['d_sae']), k: size(config['k']), status, tokensPerSecond },
      l0: figures?.l0 ?? null,
      explainedVariance: figures?.explainedVariance ?? null,
      crossEntropyRecovered: figures?.crossEntropyRecovered ?? null,
      deadShare: figures?.deadShare ?? null,
      source: figures?.source ?? null,
      measuredOn: figures?.tokens ?? null,
      error: error?.message ?? null,
    })),
  }
}

export function renderSweep({ sweep, harvest, runs }: SweepResult): string {
  const shown = (value: number | null, digits = 4) => (value === null ? '' : String(+value.toFixed(digits)))
  const table = formatTable(
    ['run', 'architecture', 'd_sae', 'k', 'L0', 'EV', 'CE rec.', 'dead', 'tokens/s', 'measured on', 'state'],
    runs.map((run) => [
      ...[run.label, run.architecture, shown(run.d_sae), shown(run.k), shown(run.l0, 2)],
      ...[shown(run.explainedVariance), shown(run.crossEntropyRecovered), shown(run.deadShare)],
      ...[shown(run.tokensPerSecond, 0), run.source ? `${run.measuredOn}, ${run.source}` : '', run.status],
    ]),
  )
  const errors = runs.flatMap(({ label, error }) => (error ? [`${label}: ${error}`] : []))
  return [`${sweep} on ${harvest}`, table, ...errors].join('\n')
}

/** Whether a run of it ended without a dictionary. */
export const hasFailed = ({ runs }: SweepResult): boolean => runs.some(({ status }) => status === 'failed')

export const sweepList = defineCommand({
  name: 'sweep list',
  isDefault: true,
  summary: 'sweeps of training runs, newest first',
  options: z.strictObject({}),
  async run(_input, context) {
    return { sweeps: await sweepSummaries(await context.database()) }
  },
  render: ({ sweeps }) =>
    formatTable(
      ['sweep', 'harvest', 'architectures', 'finished', 'failed', 'progress'],
      sweeps.map(({ name, harvest, architectures, runs, steps }) => [
        ...[name, harvest.name, architectures.join(', '), `${runs.finished}/${runs.all}`, String(runs.failed)],
        `${Math.floor((100 * steps.done) / steps.total)} %`,
      ]),
    ),
})

export const sweepShow = defineCommand({
  name: 'sweep show',
  summary: 'the runs of a sweep side by side',
  arguments: [sweepArgument],
  options: z.strictObject({}),
  async run({ arguments: [asked = ''] }, context) {
    return sweepResult(await sweepDetail(await context.database(), asked))
  },
  render: renderSweep,
})

export const sweepEvaluate = defineCommand({
  name: 'sweep evaluate',
  summary: 'evaluate the dictionaries of a sweep that were not yet, all on the same held-out tokens',
  arguments: [sweepArgument],
  options: z.strictObject({}),
  async run({ arguments: [asked = ''] }, context) {
    const database = await context.database()
    const sweep = await requireSweep(database, asked)
    for (const row of await unevaluated(database, sweep)) {
      const { spec } = await evaluationSpec(database, row, EvaluationOptions.parse({}))
      context.terminal.note(row.name)
      const stage = context.terminal.stage('evaluate', 'tokens')
      await runJob(database, await context.backend(), evaluateKind, spec, stage)
      stage.end()
    }
    return sweepResult(await sweepDetail(database, sweep.id))
  },
  render: renderSweep,
})
