import Link from 'next/link'
import { checkpointName, trainCommand } from '../../lib/runs/command'
import type { CheckpointSummary, RunDetail } from '../../lib/runs/schema'
import { CodeBlock } from '../ui/CodeBlock'
import { Definition } from '../ui/Definition'
import { bytes, count, percent } from '../ui/format'
import { Time } from '../ui/Time'
import { newRunAddress } from './address'

/** The checkpoints of a run: an interrupted run continues from the newest, and other runs can start from any. */
export function RunCheckpoints({ run, isLive }: { run: RunDetail; isLive: boolean }) {
  const { checkpoints } = run
  const [newest] = checkpoints
  if (!newest) {
    return (
      <p className="text-ink-soft">
        {isLive ? 'None yet: one is stored every minute, and when the run is cancelled.' : 'None was stored.'}
      </p>
    )
  }
  return (
    <>
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
                <td className="text-small pr-3 font-mono">
                  <Link
                    href={newRunAddress(run, checkpoint.step)}
                    title="Start a new run from it"
                    className="text-accent hover:underline"
                  >
                    {count(checkpoint.step)}
                  </Link>
                </td>
                <td className="pr-3">
                  <Time at={checkpoint.createdAt} />
                </td>
                <td>{whyItStays(checkpoint)}</td>
                <td className="text-small pl-3 text-right font-mono">
                  {percent(checkpoint.metrics?.explainedVariance)}
                </td>
                <td className="text-small pl-3 text-right font-mono">{bytes(checkpoint.bytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {!isLive && <FurtherRun run={run} which={checkpoints.some(({ best }) => best) ? 'best' : newest.step} />}
    </>
  )
}

/** How another run starts from a checkpoint of this one. */
function FurtherRun({ run, which }: { run: RunDetail; which: number | 'best' }) {
  const { id, name, harvest, engine, settings } = run
  const from = checkpointName({ run: id, step: which })
  return (
    <div className="mt-3 flex flex-col gap-2 border-t pt-3">
      <p className="text-ink-soft">
        Another run can{' '}
        <Link href={newRunAddress(run, which)} className="text-accent underline">
          start from {which === 'best' ? 'the best one' : 'the newest one'}
        </Link>
        , with another learning rate or another harvest; widths, model and hook stay the same. From the command line:
      </p>
      <CodeBlock
        label="command that starts from a checkpoint"
        wrap
        text={trainCommand({ harvest: harvest.name, from, name: `${name}/further`, engine, settings })}
      />
    </div>
  )
}

function Stays() {
  return (
    <Definition term="Stays">
      Best: the highest held-out explained variance in the second half of the run. Kept: chosen in the settings, or
      another run started from it. The newest one stays until the next is stored.
    </Definition>
  )
}

function whyItStays({ best, kept }: CheckpointSummary): string {
  return [best && 'best', kept && 'kept'].filter(Boolean).join(', ')
}
