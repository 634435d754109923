/** Notes, warnings and progress bars on standard error, so that standard output contains only the result. */
import { SingleBar } from 'cli-progress'
import pc from 'picocolors'
import type { Stage } from '../../trainer/progress'

export interface StageBar extends Stage {
  /** Closes the bar. */
  end(): StageTiming
}

export interface StageTiming {
  seconds: number
  /** Units a second of this process. Work that was finished before is not counted. */
  rate: number
}

const MIN_REDRAW_MS = 100

export class Terminal {
  private readonly open = new Set<SingleBar>()

  constructor(
    private readonly options: { quiet: boolean; signal: AbortSignal },
    private readonly stream: NodeJS.WriteStream = process.stderr,
  ) {}

  note(text: string): void {
    if (!this.options.quiet) this.stream.write(`${text}\n`)
  }

  heading(text: string): void {
    this.note(pc.bold(text))
  }

  warn(text: string): void {
    this.stream.write(`${pc.yellow('warning')} ${text}\n`)
  }

  error(text: string, remedy?: string): void {
    this.stream.write(`${pc.red('error')} ${text}\n${remedy ? `      ${remedy}\n` : ''}`)
  }

  /** A progress bar with rate and remaining time. Without a terminal it is one line every few seconds. */
  stage(name: string, unit: string): StageBar {
    const bar = this.options.quiet ? undefined : this.newBar(name, unit)
    const started = performance.now()
    let first: number | undefined
    let latest = 0
    let drawn = 0
    return {
      signal: this.options.signal,
      report(done, total) {
        if (first === undefined) bar?.start(total, done, { rate: '–', left: '–' })
        first ??= done
        latest = done
        const now = performance.now()
        if (now - drawn < MIN_REDRAW_MS && done < total) return
        drawn = now
        const rate = ((done - first) / (now - started)) * 1000
        bar?.setTotal(total)
        bar?.update(done, { rate: formatRate(rate), left: rate > 0 ? formatSeconds((total - done) / rate) : '–' })
      },
      end: () => {
        if (bar) this.close(bar)
        const seconds = (performance.now() - started) / 1000
        return { seconds, rate: (latest - (first ?? 0)) / Math.max(seconds, 1e-3) }
      },
    }
  }

  /** Closes the bars that an error left open: the redraw timer of a bar would keep the process alive. */
  closeAll(): void {
    for (const bar of this.open) this.close(bar)
  }

  private close(bar: SingleBar): void {
    bar.stop()
    this.open.delete(bar)
  }

  private newBar(name: string, unit: string): SingleBar {
    const bar = new SingleBar({
      format: `${name.padEnd(11)} {bar} {percentage}%  {value}/{total} ${unit}  {rate} ${unit}/s  {left} left`,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      barsize: 24,
      stream: this.stream,
      noTTYOutput: true,
      notTTYSchedule: 5000,
      hideCursor: true,
      emptyOnZero: true,
    })
    this.open.add(bar)
    return bar
  }
}

function formatRate(rate: number): string {
  if (!Number.isFinite(rate)) return '–'
  return rate >= 100 ? Math.round(rate).toLocaleString('en-US') : rate.toPrecision(2)
}

export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–'
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}
