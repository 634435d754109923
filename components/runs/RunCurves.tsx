'use client'

import type { ReactNode } from 'react'
import { Curves } from '../charts/Curves'
import type { RunDetail, RunPoint } from '../../lib/runs/schema'
import { Definition } from '../ui/Definition'
import { Figure } from '../ui/definitions'
import { Empty, Failure, Panel, type Problem } from '../ui/States'
import { meaningOf, runCharts } from './curves'

const HEIGHT = 150

/** The figures along a run: charts with one x axis, whose cursors move together. */
export function RunCurves({
  points,
  config,
  problem,
  isLive,
}: {
  points: readonly RunPoint[]
  /** Settings of the run. */
  config: RunDetail['config']
  problem: Problem | undefined
  isLive: boolean
}) {
  if (points.length === 0) {
    if (problem) return <Failure problem={problem} />
    return (
      <Empty title={isLive ? 'No figures yet' : 'No figures were measured'}>
        {isLive ? 'Curves appear here a few steps after the run starts.' : 'The run ended before its tenth step.'}
      </Empty>
    )
  }
  const x = points.map(({ tokens }) => tokens)
  return (
    <div className="flex flex-col gap-2">
      {problem && <Failure problem={problem} />}
      <div className="grid gap-3 md:grid-cols-2 xl:grid-cols-4">
        {runCharts(points).map(({ name, curves }) => (
          <Panel key={name} title={TITLES[name] ?? <Carried name={name} config={config} />}>
            <Curves
              x={x}
              curves={curves}
              label={`${name} over training tokens`}
              xLabel="tokens"
              cursor="run"
              height={HEIGHT}
            />
          </Panel>
        ))}
      </div>
    </div>
  )
}

const TITLES: Readonly<Record<string, ReactNode>> = {
  loss: <Figure of="loss" />,
  explainedVariance: (
    <Definition term="Explained variance">
      EV = 1 − E‖x − x̂‖² / E‖x − E x‖², about the mean. Training: of one batch. Held-out: by the inference rule, each
      token on its own; also by the training rule, a batch selected together, where the two rules differ.
    </Definition>
  ),
  l0: (
    <Definition term="L0">
      Mean number of active latents per token. Training: of one batch. Held-out: by the inference rule, each token on
      its own; also by the training rule, a batch selected together, where the two rules differ.
    </Definition>
  ),
  deadLatents: (
    <Definition term="Dead latents">
      Dead: not fired on any of the last deadAfterTokens training tokens. Dying, where the auxiliary loss counts them:
      not dead, but below tau times the density that a Zipf law expects at their rank. The auxiliary loss revives both.
    </Definition>
  ),
  gradientNorm: (
    <Definition term="Gradient norm">L2 norm of all gradients together, before clipping to gradientClip.</Definition>
  ),
  learningRate: 'Learning rate',
  tokensPerSecond: <Figure of="tokensPerSecond" />,
}

/** Numbers that the selection rule or a part of the loss carries from step to step, by name. */
function Carried({ name, config }: { name: string; config: RunDetail['config'] }) {
  return (
    <Definition term={<span className="font-mono">{name}</span>}>
      {meaningOf(name, config) ?? 'A number that the selection rule or a part of the loss carries from step to step.'}{' '}
      In scaled units.
    </Definition>
  )
}
