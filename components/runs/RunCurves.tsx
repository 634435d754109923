'use client'

import type { ReactNode } from 'react'
import { Curves, type Curve } from '../charts/Curves'
import { Definition } from '../ui/Definition'
import { Figure } from '../ui/definitions'
import { Empty, Failure, Panel, type Problem } from '../ui/States'
import type { RunPoint } from './types'

const HEIGHT = 150
const HUES = ['accent', 'contrary', 'ink-soft'] as const

type Training = NonNullable<RunPoint['metrics']['training']>
type NumberOf<T> = { [K in keyof T]-?: T[K] extends number | null | undefined ? K : never }[keyof T]

/** Everything that was measured along a run: charts over one x axis, whose cursors move together. */
export function RunCurves({
  points,
  problem,
  isLive,
}: {
  points: readonly RunPoint[]
  problem: Problem | undefined
  isLive: boolean
}) {
  if (points.length === 0) {
    if (problem) return <Failure problem={problem} />
    return (
      <Empty title={isLive ? 'No figures yet' : 'No figures were measured'}>
        {isLive ? 'Curves appear here a few steps after the run begins.' : 'It ended before its tenth step.'}
      </Empty>
    )
  }
  const training = (name: NumberOf<Training>) => points.map(({ metrics }) => metrics.training?.[name] ?? null)
  const heldOut = (name: 'explainedVariance' | 'l0') => points.map(({ metrics }) => metrics.heldOut?.[name] ?? null)
  const both = (name: 'explainedVariance' | 'l0'): Curve[] => [
    { name: 'training', values: training(name) },
    { name: 'held-out', values: heldOut(name), hue: 'contrary' },
  ]
  const x = points.map(({ tokens }) => tokens)
  return (
    <div className="flex flex-col gap-2">
      {problem && <Failure problem={problem} />}
      <div className="grid gap-3 md:grid-cols-2 xl:grid-cols-4">
        <Chart title={<Figure of="loss" />} name="Loss" x={x} curves={lossCurves(points)} />
        <Chart
          title={<Figure of="explainedVariance" />}
          name="Explained variance"
          x={x}
          curves={both('explainedVariance')}
        />
        <Chart title={<Figure of="l0" />} name="L0" x={x} curves={both('l0')} />
        <Chart
          title={<DeadLatents />}
          name="Dead latents"
          x={x}
          curves={[{ name: 'dead', values: training('deadLatents') }]}
        />
        <Chart
          title={<GradientNorm />}
          name="Gradient norm"
          x={x}
          curves={[{ name: 'norm', values: training('gradientNorm') }]}
        />
        <Chart
          title="Learning rate"
          name="Learning rate"
          x={x}
          curves={[{ name: 'rate', values: training('learningRate') }]}
        />
        <Chart
          title={<Figure of="tokensPerSecond" />}
          name="Tokens per second"
          x={x}
          curves={[{ name: 'tokens/s', values: training('tokensPerSecond') }]}
        />
      </div>
    </div>
  )
}

/** The loss, and its parts where there are several. */
function lossCurves(points: readonly RunPoint[]): Curve[] {
  const names = Object.keys(points.find(({ metrics }) => metrics.training?.parts)?.metrics.training?.parts ?? {})
  const loss: Curve = { name: 'loss', values: points.map(({ metrics }) => metrics.training?.loss ?? null) }
  if (names.length < 2) return [loss]
  return [
    loss,
    ...names.map((name, at): Curve => ({
      name,
      values: points.map(({ metrics }) => metrics.training?.parts?.[name] ?? null),
      hue: HUES[1 + (at % 2)]!,
    })),
  ]
}

function Chart({
  title,
  name,
  x,
  curves,
}: {
  title: ReactNode
  name: string
  x: readonly number[]
  curves: readonly Curve[]
}) {
  return (
    <Panel title={title}>
      <Curves
        x={x}
        curves={curves}
        label={`${name} over training tokens`}
        xLabel="tokens"
        cursor="run"
        height={HEIGHT}
      />
    </Panel>
  )
}

function DeadLatents() {
  return (
    <Definition term="Dead latents">
      Latents that have not fired on any of the last deadAfterTokens training tokens. The auxiliary loss revives them.
    </Definition>
  )
}

function GradientNorm() {
  return (
    <Definition term="Gradient norm">
      L2 norm of all gradients together, before it is clipped to gradientClip.
    </Definition>
  )
}
