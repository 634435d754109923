import type { ScaleContinuousNumeric } from 'd3-scale'
import { number } from '../ui/format'
import { logTicks } from './scales'

const [WIDTH, HEIGHT] = [420, 260]
const [LEFT, RIGHT, TOP, BOTTOM] = [62, 12, 10, 34]

/** The area of a chart in which its points are drawn. */
export const BOX = {
  view: `0 0 ${WIDTH} ${HEIGHT}`,
  x: [LEFT, WIDTH - RIGHT],
  y: [HEIGHT - BOTTOM, TOP],
} as const

type Scale = ScaleContinuousNumeric<number, number>

/** Lines and numbers behind the points of a chart, into `BOX`. */
export function Axes({
  x,
  y,
  xLabel,
  yLabel,
  formatY = number,
}: {
  x: Scale
  y: Scale
  xLabel: string
  yLabel: string
  formatY?: (value: number) => string
}) {
  return (
    <>
      {ticksOf(y).map((tick) => (
        <g key={tick}>
          <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(tick)} y2={y(tick)} className="stroke-line" />
          <text x={LEFT - 5} y={y(tick) + 3} textAnchor="end" className="fill-ink-soft text-[10px]">
            {formatY(tick)}
          </text>
        </g>
      ))}
      {ticksOf(x).map((tick) => (
        <g key={tick}>
          <line x1={x(tick)} x2={x(tick)} y1={TOP} y2={HEIGHT - BOTTOM} className="stroke-line" />
          <text x={x(tick)} y={HEIGHT - BOTTOM + 13} textAnchor="middle" className="fill-ink-soft text-[10px]">
            {number(tick)}
          </text>
        </g>
      ))}
      <text x={WIDTH - RIGHT} y={HEIGHT - 4} textAnchor="end" className="fill-ink-soft text-[10px]">
        {xLabel}
      </text>
      <text transform={`translate(12 ${TOP}) rotate(-90)`} textAnchor="end" className="fill-ink-soft text-[10px]">
        {yLabel}
      </text>
    </>
  )
}

/** A logarithmic scale has a base; a linear one has none. */
function ticksOf(scale: Scale): number[] {
  return 'base' in scale ? logTicks(scale.domain() as [number, number]) : scale.ticks(5)
}
