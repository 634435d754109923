import { bytes, count } from '../ui/format'
import { Time } from '../ui/Time'
import type { RunDetail } from './types'

/** From what a run goes on when it was interrupted. */
export function RunCheckpoints({ checkpoints, isLive }: { checkpoints: RunDetail['checkpoints']; isLive: boolean }) {
  if (checkpoints.length === 0) {
    return (
      <p className="text-ink-soft">
        {isLive ? 'None yet: one is stored every minute, and when the run is cancelled.' : 'None was stored.'}
      </p>
    )
  }
  return (
    <table className="w-full">
      <thead>
        <tr className="text-ink-soft text-left">
          <th className="font-normal">Step</th>
          <th className="font-normal">Stored</th>
          <th className="text-right font-normal">Size</th>
        </tr>
      </thead>
      <tbody>
        {checkpoints.map(({ id, step, createdAt, bytes: size }) => (
          <tr key={id}>
            <td className="font-mono text-small">{count(step)}</td>
            <td>
              <Time at={createdAt} />
            </td>
            <td className="text-right font-mono text-small">{bytes(size)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
