/** A sweep as the output of commands. */
import type { SweepDetail } from '../../lib/sweeps/schema'
import { formatTable } from '../cli/table'

export interface SweepResult {
  sweep: string
  id: string
  harvest: string
  status: Record<string, number>
  runs: {
    run: string
    label: string
    architecture: string
    d_sae: number
    k: number | null
    status: string
    l0: number | null
    explainedVariance: number | null
    crossEntropyRecovered: number | null
    deadShare: number | null
    tokensPerSecond: number | null
    /** Where the figures come from: "evaluation", "run", or "training" before the run has ended. */
    source: string | null
    /** Held-out tokens they were measured on. */
    measuredOn: number | null
    error: string | null
  }[]
}

export function sweepResult({ name, id, harvest, runs, members }: SweepDetail): SweepResult {
  return {
    sweep: name,
    id,
    harvest: harvest.name,
    status: runs,
    runs: members.map(({ name: run, label, architecture, config, status, tokensPerSecond, figures, error }) => ({
      run,
      label,
      architecture,
      d_sae: config.d_sae,
      k: typeof config['k'] === 'number' ? config['k'] : null,
      status,
      tokensPerSecond,
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
      run.label,
      run.architecture,
      shown(run.d_sae),
      shown(run.k),
      shown(run.l0, 2),
      shown(run.explainedVariance),
      shown(run.crossEntropyRecovered),
      shown(run.deadShare),
      shown(run.tokensPerSecond, 0),
      run.source ? `${run.measuredOn}, ${run.source}` : '',
      run.status,
    ]),
  )
  const errors = runs.flatMap(({ label, error }) => (error ? [`${label}: ${error}`] : []))
  return [`${sweep} on ${harvest}`, table, ...errors].join('\n')
}

/** Whether one of its runs failed. */
export const hasFailed = ({ runs }: SweepResult): boolean => runs.some(({ status }) => status === 'failed')
