import { scaleLinear, scaleLog } from 'd3-scale'
import { Axes, BOX } from './Axes'
import { padded, widened } from './scales'

export interface CloudSeries {
  name: string
  x: readonly number[]
  /** As long as `x`. */
  y: readonly number[]
  /** `dot` by default, in the accent hue; crosses are in the contrary hue. */
  mark?: 'dot' | 'cross'
}

/** Up to some thousand points that are read together, not one by one, and a line through them. */
export function Cloud({
  series,
  line,
  label,
  xLabel,
  yLabel,
  logX = false,
  logY = false,
}: {
  series: readonly CloudSeries[]
  line?: { name: string; x: readonly number[]; y: readonly number[] } | undefined
  label: string
  xLabel: string
  yLabel: string
  /** Points that are not above zero have no place on a logarithmic axis and are left out. */
  logX?: boolean
  logY?: boolean
}) {
  const drawn = series.map((one) => ({ ...one, points: pointsOf(one, { logX, logY }) }))
  const points = drawn.flatMap((one) => one.points)
  if (points.length === 0) return null
  const x = scaleOf([...points.map(([at]) => at), ...(line?.x ?? [])], BOX.x, logX)
  const y = scaleOf([...points.map(([, at]) => at), ...(line?.y ?? [])], BOX.y, logY)
  const isNamed = series.length > 1 || line !== undefined
  return (
    <figure className="min-w-0">
      {isNamed && (
        <figcaption className="text-small mb-1 flex min-h-4 flex-wrap gap-x-3">
          {series.map(({ name, mark = 'dot' }) => (
            <Name key={name} name={name} d={MARKS[mark](0, 0)} mark={mark} />
          ))}
          {line && <Name name={line.name} d="M-6 0h12" mark="line" />}
        </figcaption>
      )}
      <svg viewBox={BOX.view} role="img" aria-label={label} className="w-full font-mono">
        <Axes x={x} y={y} xLabel={xLabel} yLabel={yLabel} />
        {drawn.map(({ name, mark = 'dot', ...own }) => (
          <path key={name} d={own.points.map(([px, py]) => MARKS[mark](x(px), y(py))).join('')} style={STYLES[mark]} />
        ))}
        {line && <path d={linePath(line.x.map(x), line.y.map(y))} style={STYLES.line} />}
      </svg>
    </figure>
  )
}

/** One element for all points of a series: thousands of elements would make the page slow. */
const MARKS = {
  dot: (x: number, y: number) => `M${place(x)} ${place(y)}h0`,
  cross: (x: number, y: number) => `M${place(x - 2)} ${place(y - 2)}l4 4m0 -4l-4 4`,
}

const STYLES = {
  dot: { stroke: 'var(--accent)', strokeWidth: 3, strokeLinecap: 'round', strokeOpacity: 0.55, fill: 'none' },
  cross: { stroke: 'var(--contrary)', strokeWidth: 1, strokeOpacity: 0.8, fill: 'none' },
  line: { stroke: 'var(--ink)', strokeWidth: 1.2, strokeDasharray: '4 3', fill: 'none' },
} as const

function Name({ name, d, mark }: { name: string; d: string; mark: keyof typeof STYLES }) {
  return (
    <span className="flex items-center gap-1 whitespace-nowrap">
      <svg aria-hidden viewBox="-6 -6 12 12" className="size-3">
        <path d={d} style={{ ...STYLES[mark], strokeOpacity: 1 }} />
      </svg>
      {name}
    </span>
  )
}

const place = (value: number) => value.toFixed(1)

function linePath(x: readonly number[], y: readonly number[]): string {
  return `M${x.map((at, i) => `${place(at)} ${place(y[i]!)}`).join('L')}`
}

function pointsOf({ x, y }: CloudSeries, { logX, logY }: { logX: boolean; logY: boolean }): [number, number][] {
  return x.map((at, i): [number, number] => [at, y[i]!]).filter(([px, py]) => (!logX || px > 0) && (!logY || py > 0))
}

function scaleOf(values: readonly number[], range: readonly [number, number], isLog: boolean) {
  return isLog ? scaleLog(widened(values), range) : scaleLinear(padded(values), range)
}
