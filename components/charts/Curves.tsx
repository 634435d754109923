'use client'

import { useEffect, useRef, useState } from 'react'
import type uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { number } from '../ui/format'
import { loadPlot } from './loadPlot'

export interface Curve {
  name: string
  /** As long as `x`; null where there is no figure. */
  values: readonly (number | null)[]
  /** `accent` by default. */
  hue?: 'accent' | 'contrary' | 'ink-soft'
  /** Lengths of strokes and gaps; an unbroken line by default. */
  dash?: readonly number[] | undefined
}

/** Curves over one x axis. Charts with the same `cursor` key move their cursors together. */
export function Curves({
  x,
  curves,
  label,
  xLabel,
  cursor = 'curves',
  log = false,
  height = 160,
}: {
  x: readonly number[]
  curves: readonly Curve[]
  label: string
  xLabel: string
  cursor?: string
  log?: boolean
  height?: number
}) {
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(null)
  // As text, so that new figures of the same curves do not redraw everything.
  const series = JSON.stringify(curves.map(({ name, hue = 'accent', dash = [] }) => ({ name, hue, dash })))

  const [at, setAt] = useState<number>()
  const latest = useRef<uPlot.AlignedData>([[]])

  useEffect(() => {
    const element = box.current
    if (!element) return
    let isGone = false
    let library: typeof uPlot | undefined
    const draw = () => {
      if (!library || isGone) return
      plot.current?.destroy()
      const drawn = { series: JSON.parse(series) as Series[], xLabel, cursor, log, height }
      plot.current = new library(optionsFor(element, drawn, setAt), latest.current, element)
    }
    void loadPlot().then((loaded) => {
      library = loaded
      draw()
    })
    const resized = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }))
    resized.observe(element)
    // Colours come from the theme's variables, which a canvas does not follow by itself.
    const themed = new MutationObserver(draw)
    themed.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    return () => {
      isGone = true
      resized.disconnect()
      themed.disconnect()
      plot.current?.destroy()
      plot.current = null
    }
  }, [series, xLabel, cursor, log, height])

  useEffect(() => {
    latest.current = [[...x], ...curves.map(({ values }) => [...values])]
    plot.current?.setData(latest.current)
  }, [x, curves])
  return (
    <div className="min-w-0">
      <Legend x={x} curves={curves} at={at} xLabel={xLabel} />
      <div ref={box} role="img" aria-label={label} style={{ minHeight: height }} />
    </div>
  )
}

/** The values under the cursor; without one, the newest. */
function Legend({
  x,
  curves,
  at,
  xLabel,
}: {
  x: readonly number[]
  curves: readonly Curve[]
  at: number | undefined
  xLabel: string
}) {
  const end = at ?? x.length - 1
  return (
    <p className="text-small mb-1 flex min-h-4 flex-wrap content-start gap-x-3 sm:min-h-8">
      {curves.map(({ name, values, hue = 'accent', dash }) => (
        <span key={name} className="flex items-center gap-1 whitespace-nowrap">
          <svg aria-hidden viewBox="0 0 18 2" className="h-0.5 w-4.5">
            <path d="M0 1h18" style={{ stroke: `var(--${hue})`, strokeWidth: 2, strokeDasharray: dash?.join(' ') }} />
          </svg>
          <span className="text-ink-soft">{name}</span>
          <span className="font-mono">{number(values.slice(0, end + 1).findLast((value) => value !== null))}</span>
        </span>
      ))}
      {at !== undefined && x[at] !== undefined && (
        <span className="text-ink-soft ml-auto font-mono whitespace-nowrap">
          {tick(x[at])} {xLabel}
        </span>
      )}
    </p>
  )
}

interface Series {
  name: string
  hue: NonNullable<Curve['hue']>
  dash: number[]
}

interface Drawn {
  series: readonly Series[]
  xLabel: string
  cursor: string
  log: boolean
  height: number
}

function optionsFor(
  element: HTMLElement,
  { series, xLabel, cursor, log, height }: Drawn,
  onCursor: (at: number | undefined) => void,
): uPlot.Options {
  const style = getComputedStyle(document.documentElement)
  const colour = (name: string) => style.getPropertyValue(`--${name}`)
  const axis: uPlot.Axis = {
    stroke: colour('ink-soft'),
    grid: { stroke: colour('line'), width: 1 },
    ticks: { stroke: colour('line'), width: 1 },
    font: '11px ui-monospace, monospace',
  }
  return {
    width: element.clientWidth,
    height,
    cursor: { sync: { key: cursor }, y: false },
    legend: { show: false },
    padding: [6, 18, 0, 0],
    hooks: { setCursor: [({ cursor: { idx } }) => onCursor(idx ?? undefined)] },
    scales: { x: { time: false }, y: log ? { distr: 3 } : { range: padded } },
    axes: [
      { ...axis, label: xLabel, labelSize: 16, labelFont: '11px ui-sans-serif, sans-serif', size: 28, values: short },
      { ...axis, size: 52, values: short },
    ],
    series: [
      { label: xLabel },
      ...series.map(({ name, hue, dash }) => ({ label: name, stroke: colour(hue), dash, width: 1.5, spanGaps: true })),
    ],
  }
}

/** Room above and below; a curve that hardly changes is drawn flat, and one that is never negative stays above zero. */
function padded(_plot: uPlot, low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, 1]
  const room = Math.max(0.08 * (high - low), 0.04 * Math.max(Math.abs(low), Math.abs(high)), 1e-12)
  return [low >= 0 ? Math.max(0, low - room) : low - room, high + room]
}

function short(_plot: uPlot, ticks: readonly (number | null)[]): string[] {
  return ticks.map((value) => (value === null ? '' : tick(value)))
}

/** `200k`, `1.5M`, `0.25`, `3.5e-5`. */
function tick(value: number): string {
  const size = Math.abs(value)
  if (size >= 1e6) return `${+(value / 1e6).toPrecision(3)}M`
  if (size >= 1e3) return `${+(value / 1e3).toPrecision(3)}k`
  const rounded = +value.toPrecision(3)
  return size !== 0 && size < 1e-3 ? rounded.toExponential() : String(rounded)
}
