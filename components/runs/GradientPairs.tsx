import { Cloud, type CloudSeries } from '../charts/Cloud'
import { Definition } from '../ui/Definition'
import { count, percent } from '../ui/format'
import { Panel } from '../ui/States'
import type { RunPicture } from './types'

type Gradient = NonNullable<NonNullable<RunPicture['report']>['gradient']>

/** What gradients changed in the selection of a gradient dictionary. */
export function GradientPairs({ gradient: { swapRate, pairs } }: { gradient: Gradient }) {
  return (
    <Panel
      title={
        <Definition term="Activation against gradient">
          <p>
            Activation of selected latents, and |dLoss/dx · decoder row|: how much the loss of the model depends on it.
          </p>
          <p className="text-ink-soft mt-1">Both in the units of training, on logarithmic axes.</p>
        </Definition>
      }
    >
      <Cloud
        series={gradientSeries(pairs)}
        label="Activation of selected latents against the gradient along their decoder direction, both logarithmic"
        xLabel="activation, log"
        logX
        logY
      />
      <p className="text-ink-soft">
        <Definition term="Swap rate">
          |selected with the gradient \ TopK| / k: the share of latents that would not be selected by activation alone.
        </Definition>{' '}
        <span className="text-ink font-mono">{percent(swapRate)}</span>; {count(pairs.activation.length)} latents of
        held-out tokens are drawn.
      </p>
    </Panel>
  )
}

/** Latents that activation selects too, and those that only the gradient does. */
export function gradientSeries({ activation, effect, swapped }: Gradient['pairs']): CloudSeries[] {
  const pick = (values: readonly number[], wanted: boolean) => values.filter((_, at) => swapped[at] === wanted)
  return [
    { name: 'also by TopK', x: pick(activation, false), y: pick(effect, false) },
    { name: 'by the gradient alone', x: pick(activation, true), y: pick(effect, true), mark: 'cross' },
  ]
}
