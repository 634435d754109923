'use client'

import { scaleLinear, scaleLog } from 'd3-scale'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { number } from '../ui/format'

export interface ScatterPoint {
  id: string
  name: string
  x: number
  y: number
  href: string
}

export interface ScatterSeries {
  name: string
  points: readonly ScatterPoint[]
}

const [WIDTH, HEIGHT] = [420, 260]
const [LEFT, RIGHT, TOP, BOTTOM] = [46, 12, 10, 34]

/** Colour never stands alone: every series has a hue and a shape. */
const HUES = ['accent', 'contrary', 'ink-soft'] as const
const SHAPES = [
  'M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0Z',
  'M-3.5 -3.5h7v7h-7Z',
  'M0 -4.8L4.4 3.4H-4.4Z',
  'M0 -5L5 0L0 5L-5 0Z',
  'M0 4.8L4.4 -3.4H-4.4Z',
  'M-1.4 -4.6h2.8v3.2h3.2v2.8h-3.2v3.2h-2.8v-3.2h-3.2v-2.8h3.2Z',
]
const markOf = (at: number) => ({
  colour: `var(--${HUES[at % HUES.length]!})`,
  shape: SHAPES[(at + Math.floor(at / SHAPES.length)) % SHAPES.length]!,
})

/** Points over a logarithmic x axis, each leading somewhere; a line joins those of a series that no other beats. */
export function Scatter({
  series,
  label,
  xLabel,
  formatY = number,
}: {
  series: readonly ScatterSeries[]
  label: string
  xLabel: string
  formatY?: (value: number) => string
}) {
  const router = useRouter()
  const [near, setNear] = useState<ScatterPoint>()
  const all = series.flatMap(({ points }) => points)
  const x = scaleLog(widened(all.map((point) => point.x)), [LEFT, WIDTH - RIGHT])
  const y = scaleLinear(padded(all.map((point) => point.y)), [HEIGHT - BOTTOM, TOP])
  return (
    <figure className="min-w-0">
      <figcaption className="text-small mb-1 flex min-h-4 flex-wrap gap-x-3">
        {series.map(({ name }, at) => (
          <span key={name} className="flex items-center gap-1 whitespace-nowrap">
            <svg aria-hidden viewBox="-6 -6 12 12" className="size-3">
              <path d={markOf(at).shape} style={{ fill: markOf(at).colour }} />
            </svg>
            {name}
          </span>
        ))}
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="group" aria-label={label} className="w-full font-mono">
        {y.ticks(5).map((tick) => (
          <g key={tick}>
            <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(tick)} y2={y(tick)} className="stroke-line" />
            <text x={LEFT - 5} y={y(tick) + 3} textAnchor="end" className="fill-ink-soft text-[10px]">
              {formatY(tick)}
            </text>
          </g>
        ))}
        {logTicks(x.domain() as [number, number]).map((tick) => (
          <g key={tick}>
            <line x1={x(tick)} x2={x(tick)} y1={TOP} y2={HEIGHT - BOTTOM} className="stroke-line" />
            <text x={x(tick)} y={HEIGHT - BOTTOM + 13} textAnchor="middle" className="fill-ink-soft text-[10px]">
              {number(tick)}
            </text>
          </g>
        ))}
        {series.map(({ name, points }, at) => {
          const { colour, shape } = markOf(at)
          const sorted = [...points].sort((a, b) => a.x - b.x)
          return (
            <g key={name}>
              <polyline
                points={front(sorted)
                  .map((point) => `${x(point.x)},${y(point.y)}`)
                  .join(' ')}
                className="fill-transparent"
                style={{ stroke: colour, strokeOpacity: 0.4 }}
              />
              {sorted.map((point) => (
                <g key={point.id} transform={`translate(${x(point.x)} ${y(point.y)})`}>
                  <a
                    href={point.href}
                    aria-label={`${point.name}: ${number(point.x)}, ${formatY(point.y)}`}
                    onPointerEnter={() => setNear(point)}
                    onFocus={() => setNear(point)}
                    onClick={(event) => {
                      if (event.ctrlKey || event.metaKey) return
                      event.preventDefault()
                      router.push(point.href)
                    }}
                  >
                    <circle r={10} className="fill-transparent" />
                    <path d={shape} style={{ fill: colour, stroke: near?.id === point.id ? 'var(--ink)' : colour }} />
                  </a>
                </g>
              ))}
            </g>
          )
        })}
        <text x={WIDTH - RIGHT} y={HEIGHT - 4} textAnchor="end" className="fill-ink-soft text-[10px]">
          {xLabel}
        </text>
      </svg>
      <p aria-hidden className="text-small min-h-4 truncate font-mono">
        {near && `${near.name}: ${number(near.x)}, ${formatY(near.y)}`}
      </p>
    </figure>
  )
}

/** Those without another at their left that is as high. @param points by x, ascending */
function front(points: readonly ScatterPoint[]): ScatterPoint[] {
  const kept: ScatterPoint[] = []
  for (const point of points) {
    const last = kept.at(-1)
    if (last && last.y >= point.y) continue
    if (last?.x === point.x) kept.pop()
    kept.push(point)
  }
  return kept
}

/** At least a factor of two, with room at both ends. */
function widened(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const room = Math.max(1.15, Math.sqrt(2 / (high / low)))
  return [low / room, high * room]
}

function padded(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const room = Math.max(0.1 * (high - low), 0.005)
  return [low - room, high + room]
}

/** 1, 2, 5, 10, 20, …; in a narrow range also what lies between. */
function logTicks([low, high]: [number, number]): number[] {
  const steps = high / low > 4 ? [1, 2, 5] : [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8]
  const first = Math.floor(Math.log10(low))
  const decades = Array.from({ length: Math.ceil(Math.log10(high)) - first + 1 }, (_, at) => 10 ** (first + at))
  return decades.flatMap((decade) => steps.map((step) => step * decade)).filter((tick) => tick >= low && tick <= high)
}
