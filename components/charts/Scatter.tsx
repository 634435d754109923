'use client'

import { scaleLinear, scaleLog } from 'd3-scale'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { number } from '../ui/format'
import { Axes, BOX } from './Axes'
import { padded, widened } from './scales'

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

/** Every series has a hue and a shape, so that no one needs to see colours. */
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

/** Points over a logarithmic x axis, each of them a link; a line joins the points of a series that no other beats. */
export function Scatter({
  series,
  label,
  xLabel,
  yLabel,
  formatY = number,
}: {
  series: readonly ScatterSeries[]
  label: string
  xLabel: string
  yLabel: string
  formatY?: (value: number) => string
}) {
  const router = useRouter()
  const [near, setNear] = useState<ScatterPoint>()
  const all = series.flatMap(({ points }) => points)
  const x = scaleLog(widened(all.map((point) => point.x)), BOX.x)
  const y = scaleLinear(padded(all.map((point) => point.y)), BOX.y)
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
      <svg viewBox={BOX.view} role="group" aria-label={label} className="w-full font-mono">
        <Axes x={x} y={y} xLabel={xLabel} yLabel={yLabel} formatY={formatY} />
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
      </svg>
      <p aria-hidden className="text-small min-h-4 truncate font-mono">
        {near && `${near.name}: ${number(near.x)}, ${formatY(near.y)}`}
      </p>
    </figure>
  )
}

/** The points without another one at their left that is as high. @param points by x, ascending */
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
