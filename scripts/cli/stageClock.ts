/** The stages of a long command with their times. */
import type { JobKind } from '../../lib/jobs/kind'
import type { Context } from './context'
import { formatTable } from './table'
import { formatSeconds, type StageBar } from './terminal'

export interface StageSummary {
  name: string
  seconds: number
  /** Units a second; null for a stage that counts no units. */
  rate: number | null
  unit: string | null
  /** It ran in parallel with other stages, and adds nothing to the total. */
  beside: boolean
}

/** Measures the stages of a long command and keeps their summaries. */
export class StageClock {
  readonly summaries: StageSummary[] = []
  private readonly started = performance.now()

  constructor(private readonly context: Context) {}

  /** Seconds since the first stage started. */
  get seconds(): number {
    return (performance.now() - this.started) / 1000
  }

  async time<T>(name: string, body: () => Promise<T>): Promise<T> {
    const started = performance.now()
    const result = await body()
    const seconds = (performance.now() - started) / 1000
    this.summaries.push({ name, seconds, rate: null, unit: null, beside: false })
    return result
  }

  /** Adds a stage that ran in parallel and measured its own time. */
  beside(name: string, seconds: number): void {
    this.summaries.push({ name, seconds, rate: null, unit: null, beside: true })
  }

  async job<T>(kind: JobKind, body: (stage: StageBar) => Promise<object>): Promise<T> {
    const stage = this.context.terminal.stage(kind.name, kind.unit)
    try {
      return (await body(stage)) as T
    } finally {
      const { seconds, rate } = stage.end()
      this.summaries.push({ name: kind.name, seconds, rate, unit: kind.unit, beside: false })
    }
  }
}

export function renderStages(stages: readonly StageSummary[], seconds: number): string {
  const rows = stages.map(({ name, seconds: taken, rate, unit, beside }) => [
    name,
    `${taken.toFixed(1)} s`,
    rate === null ? (beside ? 'in parallel' : '') : `${Math.round(rate).toLocaleString('en-US')} ${unit}/s`,
  ])
  return `${formatTable(['stage', 'time', 'rate'], rows)}\n${formatSeconds(seconds)} in total`
}
