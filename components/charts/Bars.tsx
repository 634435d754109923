import { scaleLinear, scaleLog } from 'd3-scale'
import { count } from '../ui/format'

/** A histogram: `counts[i]` between `edges[i]` and `edges[i + 1]`; the y axis is logarithmic by default. */
export function Bars({
  counts,
  edges,
  label,
  xLabel,
  format,
  ticks = [],
  linear = false,
  height = 120,
}: {
  counts: readonly number[]
  /** One more than counts, ascending. */
  edges: readonly number[]
  label: string
  xLabel: string
  format: (value: number) => string
  /** Values marked on the x axis, e.g. quantiles. */
  ticks?: readonly { at: number; name: string }[]
  linear?: boolean
  height?: number
}) {
  const width = 320
  const [left, bottom, top] = [36, 28, ticks.length > 0 ? 16 : 6]
  const most = Math.max(1, ...counts)
  const x = scaleLinear([edges[0] ?? 0, edges.at(-1) ?? 1], [left, width - 4])
  const y = linear
    ? scaleLinear([0, most], [height - bottom, top])
    : scaleLog([0.8, Math.max(10, most)], [height - bottom, top]).clamp(true)
  const yTicks = linear
    ? y.ticks(3)
    : [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7].filter((tick) => tick <= Math.max(10, most))
  const anchorAt = (place: number) => (place > width - 24 ? 'end' : 'middle')
  const shown = yTicks.length > 4 ? yTicks.filter((_, at) => at % 2 === 0) : yTicks
  return (
    <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label} className="w-full font-mono">
      {shown.map((tick) => (
        <g key={tick}>
          <line x1={left} x2={width - 4} y1={y(tick)} y2={y(tick)} className="stroke-line" />
          <text x={left - 4} y={y(tick) + 3} textAnchor="end" className="fill-ink-soft text-[9px]">
            {count(tick)}
          </text>
        </g>
      ))}
      {counts.map((value, at) => {
        if (value === 0) return null
        const [from, to] = [x(edges[at]!), x(edges[at + 1]!)]
        return (
          <rect
            key={at}
            x={from + 0.5}
            width={Math.max(0.5, to - from - 1)}
            y={y(value)}
            height={Math.max(0, height - bottom - y(value))}
            className="fill-accent"
          >
            <title>{`${format(edges[at]!)} – ${format(edges[at + 1]!)}: ${count(value)}`}</title>
          </rect>
        )
      })}
      {ticks.map(({ at, name }, place) => {
        const before = ticks[place - 1]
        const isNear = before !== undefined && x(at) - x(before.at) < 22
        return (
          <g key={name}>
            <line
              x1={x(at)}
              x2={x(at)}
              y1={top - 5}
              y2={height - bottom + 3}
              className="stroke-contrary"
              strokeDasharray="2 2"
            />
            {!isNear && (
              <text x={x(at)} y={top - 7} textAnchor={anchorAt(x(at))} className="fill-contrary text-[9px]">
                {name}
              </text>
            )}
            <title>{`${name}: ${format(at)}`}</title>
          </g>
        )
      })}
      <line x1={left} x2={width - 4} y1={height - bottom} y2={height - bottom} className="stroke-line-strong" />
      {x.ticks(5).map((tick) => (
        <text
          key={tick}
          x={x(tick)}
          y={height - bottom + 12}
          textAnchor={anchorAt(x(tick))}
          className="fill-ink-soft text-[9px]"
        >
          {format(tick)}
        </text>
      ))}
      <text x={width - 4} y={height - 4} textAnchor="end" className="fill-ink-soft text-[9px]">
        {xLabel}
      </text>
    </svg>
  )
}
