import { bytes, count, percent } from '../ui/format'
import { Time } from '../ui/Time'
import { Definition } from '../ui/Definition'
import type { RunDetail } from './types'

type Checkpoint = RunDetail['checkpoints'][number]

/** From what a run goes on when it was interrupted, and others can begin. */
export function RunCheckpoints({ checkpoints, isLive }: { checkpoints: readonly Checkpoint[]; isLive: boolean }) {
  if (checkpoints.length === 0) {
    return (
      <p className="text-ink-soft">
        {isLive ? 'None yet: one is stored every minute, and when the run is cancelled.' : 'None was stored.'}
      </p>
    )
  }
  return (
    <div className="overflow-x-auto" tabIndex={0} role="group" aria-label="Checkpoints">
      <table className="w-full">
        <thead>
          <tr className="text-ink-soft text-left">
            <th className="font-normal">Step</th>
            <th className="font-normal">Stored</th>
            <th className="font-normal">
              <Stays />
            </th>
            <th className="pl-3 text-right font-normal">EV</th>
            <th className="pl-3 text-right font-normal">Size</th>
          </tr>
        </thead>
        <tbody>
          {checkpoints.map((checkpoint) => (
            <tr key={checkpoint.id} className="whitespace-nowrap">
              <td className="text-small pr-3 font-mono">{count(checkpoint.step)}</td>
              <td className="pr-3">
                <Time at={checkpoint.createdAt} />
              </td>
              <td>{whyItStays(checkpoint)}</td>
              <td className="text-small pl-3 text-right font-mono">{percent(checkpoint.metrics?.explainedVariance)}</td>
              <td className="text-small pl-3 text-right font-mono">{bytes(checkpoint.bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Stays() {
  return (
    <Definition term="Stays">
      Best: the highest held-out explained variance in the second half of the run. Kept: asked for, or the beginning of
      another run. The newest one stays until the next.
    </Definition>
  )
}

function whyItStays({ best, kept }: Checkpoint): string {
  return [best && 'best', kept && 'kept'].filter(Boolean).join(', ')
}
