import type { SuiteRecord, SuiteTable } from '../../lib/evaluations/schema'
import { cx } from '../ui/cx'
import { Definition } from '../ui/Definition'
import { Engine } from '../ui/Engine'
import { count, duration, number } from '../ui/format'
import { Empty, Panel } from '../ui/States'
import { Time } from '../ui/Time'
import { StartMeasurement, type HarvestOption } from './StartMeasurement'

type Column = SuiteTable['columns'][string]
type Cell = SuiteTable['rows'][number][string]

/** Results of the suite: tables with intervals, definitions and their origin. */
export function Suite({
  dictionary: { id, name },
  results,
  running,
  hasModel,
  harvests,
  leftOut,
}: {
  dictionary: { id: string; name: string }
  results: readonly SuiteRecord[]
  /** The job that measures it now. */
  running: string | undefined
  /** Whether it is attached to a model and a hook. */
  hasModel: boolean
  harvests: readonly HarvestOption[] | undefined
  /** Parts of the suite that the dictionary cannot be measured by. */
  leftOut: readonly { label: string; why: string }[]
}) {
  const start = hasModel && (
    <StartMeasurement dictionary={id} kind="suite" running={running} harvests={harvests} look="quiet" />
  )
  const notes = leftOut.map(({ label, why }) => (
    <p key={label} className="text-ink-soft text-small">
      {label} is left out: {why}.
    </p>
  ))
  if (results.length === 0) {
    return (
      <Panel title="Tests beyond reconstruction">
        <Empty title="Nothing measured yet" command={`npx loupe evaluate --dictionary ${name} --suite all`}>
          <p className="mb-3">
            Sparse probing, first-letter absorption, influence on the logits against random directions, and the core
            figures in SAEBench’s categories.{' '}
            {hasModel ? '' : 'They need a model and a hook: import the dictionary with both.'}
          </p>
          {start}
          {notes}
        </Empty>
      </Panel>
    )
  }
  return (
    <Panel title="Tests beyond reconstruction" actions={start}>
      <div className="flex flex-col gap-5">
        {results.map((result) => (
          <Part key={result.id} {...result} />
        ))}
        {notes}
      </div>
    </Panel>
  )
}

function Part({ label, summary, source, caveat, tables, notes, ...origin }: SuiteRecord) {
  const cells = tables.flatMap(({ rows }) => rows.flatMap((row) => Object.values(row)))
  return (
    <section aria-label={label} className="flex min-w-0 flex-col gap-1">
      <h3 className="font-medium">{label}</h3>
      <p className="text-ink-soft max-w-3xl">
        {summary}{' '}
        <a href={source.href} className="text-accent underline">
          {source.text}
        </a>
      </p>
      {tables
        .filter(({ isDetail }) => !isDetail)
        .map((table) => (
          <Figures key={table.name} table={table} />
        ))}
      {tables
        .filter(({ isDetail }) => isDetail)
        .map((table) => (
          <details key={table.name}>
            <summary className="text-ink-soft w-fit">{table.title}</summary>
            <Figures table={table} />
          </details>
        ))}
      {caveat && <p className="text-ink-soft text-small max-w-3xl">{caveat}</p>}
      <Origin {...origin} notes={notes} hasIntervals={cells.some(isInterval)} />
    </section>
  )
}

function Origin({
  createdAt,
  engine,
  harvest,
  settings,
  seconds,
  notes,
  measuredOn,
  hasIntervals,
}: Pick<SuiteRecord, 'createdAt' | 'engine' | 'harvest' | 'settings' | 'seconds' | 'notes' | 'measuredOn'> & {
  hasIntervals: boolean
}) {
  const sizes = Object.entries(settings).map(([name, value]) => `${name} ${String(value)}`)
  return (
    <p className="text-ink-soft text-small max-w-3xl">
      {notes.join('; ')}. <Time at={createdAt} />, {measuredOn} {harvest ?? '(deleted)'}; <Engine>{engine}</Engine>,{' '}
      {duration(seconds)}; {sizes.join(', ')}.{hasIntervals && ' Brackets: 95 % bootstrap intervals.'}
    </p>
  )
}

function Figures({ table: { title, columns, rows } }: { table: SuiteTable }) {
  const names = Object.keys(columns)
  return (
    <div className="overflow-x-auto" tabIndex={0} role="group" aria-label={title}>
      <table className="mt-1">
        <caption className="sr-only">{title}</caption>
        <thead>
          <tr className="text-ink-soft text-left">
            {names.map((name) => (
              <Head key={name} column={columns[name]!} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {names.map((name) => (
                <td
                  key={name}
                  className={cx(
                    'py-0.5 pr-4 whitespace-nowrap',
                    !columns[name]!.isText && 'text-small text-right font-mono',
                  )}
                >
                  <Value cell={row[name]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Head({ column: { label, formula, unit, isText } }: { column: Column }) {
  return (
    <th scope="col" className={cx('border-b py-1 pr-4 font-normal whitespace-nowrap', !isText && 'text-right')}>
      {formula === '' ? (
        label
      ) : (
        <Definition term={label}>
          <p className="font-medium">{label}</p>
          <p className="text-ink-soft mt-1">
            {formula}
            {unit && ` (${unit})`}
          </p>
        </Definition>
      )}
    </th>
  )
}

function isInterval(cell: Cell): cell is Extract<Cell, object> {
  return typeof cell === 'object' && cell !== null
}

function Value({ cell }: { cell: Cell | undefined }) {
  if (cell === undefined || cell === null) return '–'
  if (typeof cell === 'string') return cell
  if (!isInterval(cell)) return shown(cell)
  return (
    <>
      {shown(cell.value)}{' '}
      <span className="text-ink-soft">
        [{shown(cell.low)}, {shown(cell.high)}]
      </span>
    </>
  )
}

function shown(value: number): string {
  return Number.isInteger(value) ? count(value) : number(value)
}
