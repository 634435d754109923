import type { MeasuredDictionary } from '../../lib/catalog/schema'
import { measuredOn, MeasuredOn } from '../dictionaries/MeasuredOn'
import { Definition } from '../ui/Definition'
import { count, number } from '../ui/format'
import { Empty, Panel } from '../ui/States'
import { comparedFigures, type ComparedFigure } from './comparedFigures'

/** Figures of two dictionaries, their difference, and which is the better one where more or less is better. */
export function FigureTable({ a, b }: { a: MeasuredDictionary; b: MeasuredDictionary }) {
  const figures = comparedFigures(a, b)
  const unattached = [a, b].flatMap(({ summary: { model, name } }) => (model ? [] : name))
  return (
    <Panel title="Figures">
      {figures.length === 0 ? (
        <Empty title="Not measured yet">
          Figures of both dictionaries appear once each of them was evaluated, or trained here.{' '}
          {unattached.length > 0 &&
            `${unattached.join(' and ')}: attached to no model here, so there is nothing to measure.`}
        </Empty>
      ) : (
        <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Figures of both dictionaries">
          <table className="w-full min-w-96">
            <thead>
              <tr className="text-ink-soft text-right">
                {['Figure', 'A', 'B', 'B − A', 'better'].map((title) => (
                  <th key={title} scope="col" className="border-b px-2 py-1 font-normal first:pl-0 first:text-left">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {figures.map((figure) => (
                <Row key={figure.name} {...figure} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Origins a={a} b={b} isPartial={figures.some(({ difference }) => difference === null)} />
    </Panel>
  )
}

function Row({ name, label, formula, unit, a, b, difference, better }: ComparedFigure) {
  const shown = (value: number) => (name === 'tokens' ? count(value) : number(value, 4))
  const cell = 'px-2 py-0.5 text-right font-mono text-small whitespace-nowrap'
  return (
    <tr>
      <td className="py-0.5 pr-2">
        <Definition term={label}>
          {formula}
          {unit && `; ${unit}`}
        </Definition>
      </td>
      <td className={`${cell} ${better === 'a' ? 'font-medium' : ''}`}>{shown(a)}</td>
      <td className={`${cell} ${better === 'b' ? 'font-medium' : ''}`}>{shown(b)}</td>
      <td className={`${cell} text-contrary`}>{difference === null ? '' : signed(difference, shown)}</td>
      <td className={cell}>{better?.toUpperCase() ?? ''}</td>
    </tr>
  )
}

function signed(difference: number, shown: (value: number) => string): string {
  return difference === 0 ? '0' : `${difference > 0 ? '+' : ''}${shown(difference)}`
}

function Origins({ a, b, isPartial }: { a: MeasuredDictionary; b: MeasuredDictionary; isPartial: boolean }) {
  return (
    <div className="text-ink-soft text-small mt-2">
      {originKey(a) === originKey(b) ? (
        <p>
          Both: <MeasurementOrigin side={a} />.
        </p>
      ) : (
        <>
          <p>
            A: <MeasurementOrigin side={a} />.
          </p>
          <p>
            B: <MeasurementOrigin side={b} />.
          </p>
        </>
      )}
      {isPartial && (
        <p className="text-contrary">
          Figures without a difference do not compare: they were measured in different ways, on different harvests or on
          different numbers of tokens.
        </p>
      )}
    </div>
  )
}

/** Equal for figures that were measured by the same means on the same data. */
function originKey({ summary: { figures } }: MeasuredDictionary): string {
  return figures ? `${measuredOn(figures)}, ${figures.harvest?.id}` : ''
}

function MeasurementOrigin({ side: { summary } }: { side: MeasuredDictionary }) {
  const { figures } = summary
  if (!figures) return 'Not measured'
  return (
    <>
      <MeasuredOn figures={figures} />, {figures.harvest?.name ?? 'a deleted harvest'}
    </>
  )
}
