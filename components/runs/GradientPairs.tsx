import { Cloud, type CloudSeries } from '../charts/Cloud'
import { Definition } from '../ui/Definition'
import { count, percent } from '../ui/format'
import { Panel } from '../ui/States'
import type { RunPicture } from '../../lib/runs/pictureSchema'

type Gradient = NonNullable<NonNullable<RunPicture['report']>['gradient']>

/** What gradients changed in the selection of a gradient dictionary. */
export function GradientPairs({ gradient: { tokens, swapRate, pairs } }: { gradient: Gradient }) {
  const without = pairs.effect.filter((effect) => effect <= 0).length
  const excluded = 'have no gradient, so a logarithmic axis cannot show them'
  return (
    <Panel
      title={
        <Definition term="Gradient against activation">
          <p>
            |dLoss/dx · decoder row|, how much the loss of the model depends on a latent, against its activation where
            it is selected.
          </p>
          <p className="text-ink-soft mt-1">Both in the units of training, on logarithmic axes.</p>
        </Definition>
      }
    >
      <Cloud
        series={gradientSeries(pairs)}
        label="Gradient along the decoder direction of selected latents against their activation, both logarithmic"
        xLabel="activation, log"
        yLabel="|gradient · decoder row|, log"
        logX
        logY
      />
      <p className="text-ink-soft">
        <Definition term="Swap rate">
          |selected with the gradient \ TopK| / k: the share of latents that would not be selected by activation alone.
        </Definition>{' '}
        <span className="text-ink font-mono">{percent(swapRate)}</span>{' '}
        {tokens === undefined ? 'on held-out tokens' : `on ${count(tokens)} held-out tokens`};{' '}
        {count(pairs.effect.length - without)} of the selected latents are drawn
        {without > 0 && `, of ${count(pairs.effect.length)}: the others ${excluded}`}.
      </p>
    </Panel>
  )
}

/** Latents that activation also selects, and latents that only the gradient selects. */
export function gradientSeries({ activation, effect, swapped }: Gradient['pairs']): CloudSeries[] {
  const pick = (values: readonly number[], isSwapped: boolean) => values.filter((_, at) => swapped[at] === isSwapped)
  return [
    { name: 'also by TopK', x: pick(activation, false), y: pick(effect, false) },
    { name: 'by the gradient alone', x: pick(activation, true), y: pick(effect, true), mark: 'cross' },
  ]
}
