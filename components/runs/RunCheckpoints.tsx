import Link from 'next/link'
import { checkpointWord, trainCommand } from '../../lib/runs/commandLine'
import { CodeBlock } from '../ui/CodeBlock'
import { Definition } from '../ui/Definition'
import { bytes, count, percent } from '../ui/format'
import { Time } from '../ui/Time'
import { newRunAddress } from './address'
import type { RunDetail } from './types'

type Checkpoint = RunDetail['checkpoints'][number]

/** From what a run goes on when it was interrupted, and how others begin with it. */
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
                    title="New run that begins with it"
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

/** How another run begins with a checkpoint of this one. */
function FurtherRun({ run, which }: { run: RunDetail; which: number | 'best' }) {
  const { id, name, harvest, engine, settings } = run
  const from = checkpointWord({ run: id, step: which })
  return (
    <div className="mt-3 flex flex-col gap-2 border-t pt-3">
      <p className="text-ink-soft">
        Another run can{' '}
        <Link href={newRunAddress(run, which)} className="text-accent underline">
          begin with {which === 'best' ? 'the best one' : 'the newest one'}
        </Link>
        , with a learning rate or on a harvest of its own; widths, model and hook stay. From the command line:
      </p>
      <CodeBlock
        label="command that begins with a checkpoint"
        wrap
        text={trainCommand({ harvest: harvest.name, from, name: `${name}/further`, engine, settings })}
      />
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
