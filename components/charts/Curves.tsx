'use client'

import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'

export interface Curve {
  name: string
  /** As long as `x`; null where there is no figure. */
  values: readonly (number | null)[]
  /** `accent` unless said otherwise. */
  hue?: 'accent' | 'contrary' | 'ink-soft'
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
  // As text, so that new figures of the same curves do not draw everything anew.
  const series = JSON.stringify(curves.map(({ name, hue = 'accent' }) => ({ name, hue })))

  useEffect(() => {
    const element = box.current
    if (!element) return
    const draw = () => {
      const data = plot.current?.data ?? EMPTY
      plot.current?.destroy()
      const drawn = { series: JSON.parse(series) as Series[], xLabel, cursor, log, height }
      plot.current = new uPlot(optionsFor(element, drawn), data, element)
    }
    draw()
    const resized = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }))
    resized.observe(element)
    // Colours come from the theme's variables, which a canvas does not follow by itself.
    const themed = new MutationObserver(draw)
    themed.observe(document.documentElement, { attributeFilter: ['data-theme'] })
    return () => {
      resized.disconnect()
      themed.disconnect()
      plot.current?.destroy()
      plot.current = null
    }
  }, [series, xLabel, cursor, log, height])

  useEffect(() => {
    plot.current?.setData([x, ...curves.map(({ values }) => values)] as unknown as uPlot.AlignedData)
  })
  return <div ref={box} role="img" aria-label={label} className="min-w-0" />
}

const EMPTY: uPlot.AlignedData = [[]]

interface Series {
  name: string
  hue: NonNullable<Curve['hue']>
}

interface Drawn {
  series: readonly Series[]
  xLabel: string
  cursor: string
  log: boolean
  height: number
}

function optionsFor(element: HTMLElement, { series, xLabel, cursor, log, height }: Drawn): uPlot.Options {
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
    legend: { live: true },
    scales: { x: { time: false }, y: { distr: log ? 3 : 1 } },
    axes: [
      { ...axis, label: xLabel, labelSize: 16, labelFont: '11px ui-sans-serif, sans-serif', size: 28, values: short },
      { ...axis, size: 52, values: short },
    ],
    series: [
      { label: xLabel },
      ...series.map(({ name, hue }) => ({ label: name, stroke: colour(hue), width: 1.5, spanGaps: true })),
    ],
  }
}

function short(_plot: uPlot, ticks: readonly (number | null)[]): string[] {
  return ticks.map((tick) => {
    if (tick === null) return ''
    const size = Math.abs(tick)
    if (size >= 1e6) return `${+(tick / 1e6).toPrecision(3)}M`
    if (size >= 1e3) return `${+(tick / 1e3).toPrecision(3)}k`
    return size !== 0 && size < 1e-3 ? tick.toExponential(0) : String(+tick.toPrecision(3))
  })
}
