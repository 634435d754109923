import type { RunPicture } from '../../lib/runs/pictureSchema'
import { Cloud } from '../charts/Cloud'
import { Definition } from '../ui/Definition'
import { count, number } from '../ui/format'
import { Panel } from '../ui/States'
import { origin } from './densityOrigin'
import { lawAt } from './zipfLine'

/** Density against rank on two logarithmic axes, with the Zipf law that fits. */
export function ZipfPlot({ density }: { density: NonNullable<RunPicture['density']> }) {
  const { byRank, fit, fitDoubt } = density
  const law = fitDoubt === null ? fit : null
  const line = law && { name: 'Zipf law', x: byRank.rank, y: byRank.rank.map((rank) => lawAt(law, rank)) }
  return (
    <Panel title={<ZipfTitle />}>
      {byRank.rank.length === 0 ? (
        <p className="text-ink-soft">No latent fires on {origin(density)}.</p>
      ) : (
        <>
          <Cloud
            series={[{ name: 'latents', x: byRank.rank, y: byRank.density }]}
            line={line ?? undefined}
            label="Density of latents against their rank, both logarithmic"
            xLabel="rank, log"
            yLabel="density, log"
            logX
            logY
          />
          <p className="text-ink-soft">
            {law ? (
              <>
                <span className="text-ink font-mono">
                  exponent {number(law.exponent)}, offset {number(law.offset)}, R² {number(law.r2, 4)}
                </span>
                , fitted to the first {count(law.ranks)} of {count(density.live)} live ranks
              </>
            ) : (
              `No Zipf law of these densities: ${fitDoubt}`
            )}
            ; {origin(density)}.
          </p>
        </>
      )}
    </Panel>
  )
}

function ZipfTitle() {
  return (
    <Definition term="Density against rank">
      <p>density(r) ≈ scale · (r + offset)^−exponent, ranks r = 1, 2, … from the latent that fires most.</p>
      <p className="text-ink-soft mt-1">
        Least squares in log density against log(r + offset), over the first 90 % of the ranks that fire; the rest,
        which falls below the law, is extrapolated to. Our reading of Ayonrinde 2024.
      </p>
    </Definition>
  )
}
