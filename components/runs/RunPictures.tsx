import type { RunPicture } from '../../lib/runs/pictureSchema'
import type { RunDetail } from '../../lib/runs/schema'
import { DensityBars } from '../dictionaries/Density'
import { Definition } from '../ui/Definition'
import { Figure } from '../ui/definitions'
import { count, percent } from '../ui/format'
import { Panel } from '../ui/States'
import { origin } from './densityOrigin'
import { GradientPairs } from './GradientPairs'
import { AgainstCrossEntropy, AgainstNorm } from '../dictionaries/TokenClouds'
import { ZipfPlot } from './ZipfPlot'

/** What a run shows at its end: how often latents fire, how many are active on a token, what gradients changed. */
export function RunPictures({
  run: { status, dictionary },
  picture: { report, density, tokens },
}: {
  run: Pick<RunDetail, 'status' | 'dictionary'>
  picture: RunPicture
}) {
  if (status !== 'finished' || !dictionary) return null
  return (
    <div className="grid items-start gap-4 md:grid-cols-2 xl:grid-cols-3">
      {density ? (
        <>
          <Panel title={<Figure of="density">Density of latents</Figure>}>
            <DensityBars {...density.histogram} />
            <p className="text-ink-soft">
              {count(density.live)} live, {count(density.latents - density.live)} dead on {origin(density)}.
            </p>
            {report && report.topShare !== null && <TopShare share={report.topShare} />}
          </Panel>
          <ZipfPlot density={density} />
        </>
      ) : (
        <Panel title="Density of latents">
          <p className="text-ink-soft">
            Not counted: the harvest of this run has no held-out tokens, or the run is older than these figures. The
            feature statistics of its dictionary count them too.
          </p>
        </Panel>
      )}
      {report?.gradient && <GradientPairs gradient={report.gradient} />}
      {report && <AgainstNorm sample={report.sample} r={report.l0NormCorrelation} of="held-out tokens of this run" />}
      <AgainstCrossEntropy tokens={tokens} dictionary={dictionary} />
    </div>
  )
}

function TopShare({ share }: { share: number }) {
  return (
    <p className="text-ink-soft">
      <Definition term={`${percent(share)} of all activity in 1 % of the latents`}>
        Firings of the 1 % of latents that fire most, over all firings. Above one half, the dictionary has collapsed
        onto these latents.
      </Definition>
    </p>
  )
}
