import { typedText } from '../../lib/base/settingsText'
import type { SweepRun } from '../../lib/sweeps/schema'
import { JobState } from '../jobs/JobState'
import type { Column } from '../table/DataTable'
import { Figure } from '../ui/definitions'
import { count, duration, even, percent } from '../ui/format'
import { HoverLink } from '../ui/HoverLink'
import { LongName } from '../ui/LongName'
import { Progress } from '../ui/Progress'
import { whenMeasured } from './measured'

/** These are shown even if they do not vary. */
const ALWAYS = ['architecture', 'd_sae', 'k']

/** @param varied settings in which the runs differ: a column each */
export function sweepColumns(varied: readonly string[]): Column<SweepRun>[] {
  const settings = [...ALWAYS, ...varied.filter((name) => !ALWAYS.includes(name))]
  return [...ABOUT, ...settings.map(settingColumn), ...MEASURED]
}

function settingColumn(name: string): Column<SweepRun> {
  const value = ({ config }: SweepRun) => config[name]
  return {
    id: `setting-${name}`,
    name,
    header: <span className="font-mono text-small">{name}</span>,
    width: name === 'architecture' ? 140 : Math.max(60, 44 + 8 * name.length),
    numeric: name !== 'architecture',
    sortBy: (run) => {
      const setting = value(run)
      return typeof setting === 'number' ? setting : setting === undefined ? null : typedText(setting)
    },
    cell: (run) => {
      const setting = value(run)
      if (setting === undefined) return '–'
      return typeof setting === 'number' && Number.isInteger(setting) ? count(setting) : typedText(setting)
    },
  }
}

const ABOUT: readonly Column<SweepRun>[] = [
  {
    id: 'run',
    name: 'run',
    header: 'Run',
    width: 190,
    grow: true,
    sortBy: ({ label }) => label,
    cell: ({ id, label }) => (
      <HoverLink href={`/runs/${id}`} className="hover:text-accent block hover:underline">
        <LongName>{label}</LongName>
      </HoverLink>
    ),
  },
  {
    id: 'state',
    name: 'state',
    header: 'State',
    width: 130,
    sortBy: ({ status, step, steps }) => `${status} ${step / steps}`,
    cell: ({ label, status, job, step, steps, secondsLeft, error }) =>
      status === 'running' && job?.hasLiveWorker ? (
        <span className="flex items-center gap-2">
          <span className="w-12 shrink-0">
            <Progress done={step} total={steps} label={`Progress of ${label}`} />
          </span>
          <span className="font-mono text-small truncate">
            {secondsLeft === null ? `${Math.floor((100 * step) / steps)} %` : duration(secondsLeft)}
          </span>
        </span>
      ) : (
        <JobState
          status={step === 0 && status === 'running' ? 'pending' : status}
          hasLiveWorker={job?.hasLiveWorker ?? false}
          error={error}
        />
      ),
  },
]

const MEASURED: readonly Column<SweepRun>[] = [
  {
    id: 'l0',
    name: 'L0',
    header: <Figure of="l0" />,
    width: 64,
    numeric: true,
    sortBy: ({ figures }) => figures?.l0 ?? null,
    cell: ({ figures }) => even(figures?.l0),
  },
  {
    id: 'ev',
    name: 'explained variance',
    header: <Figure of="explainedVariance">EV</Figure>,
    width: 80,
    numeric: true,
    sortBy: ({ figures }) => figures?.explainedVariance ?? null,
    cell: ({ figures }) => percent(figures?.explainedVariance),
  },
  {
    id: 'ce',
    name: 'cross-entropy recovered',
    header: <Figure of="crossEntropyRecovered" />,
    width: 134,
    numeric: true,
    sortBy: ({ figures }) => figures?.crossEntropyRecovered ?? null,
    cell: ({ figures }) => percent(figures?.crossEntropyRecovered),
  },
  {
    id: 'dead',
    name: 'dead share',
    header: <Figure of="deadShare" />,
    width: 76,
    numeric: true,
    sortBy: ({ figures }) => figures?.deadShare ?? null,
    cell: ({ figures }) => percent(figures?.deadShare),
  },
  {
    id: 'speed',
    name: 'tokens per second',
    header: <Figure of="tokensPerSecond" />,
    width: 90,
    numeric: true,
    sortBy: ({ tokensPerSecond }) => tokensPerSecond,
    cell: ({ tokensPerSecond }) => count(tokensPerSecond),
  },
  {
    id: 'origin',
    name: 'what the figures were measured on',
    header: 'Measured',
    width: 190,
    sortBy: ({ figures }) => (figures ? `${figures.source} ${figures.tokens}` : null),
    cell: (run) => {
      const { figures, engine, device } = run
      if (!figures) return '–'
      const kind = figures.heldOut ? 'tokens' : 'training tokens'
      return (
        <span title={`${figures.engine}; trained by the engine ${engine} on ${device}`}>
          {whenMeasured(run, figures)}, {count(figures.tokens)} {kind}
        </span>
      )
    },
  },
]
