'use client'

import { useRouter } from 'next/navigation'
import { useCallback } from 'react'
import { FIRST_HARVEST } from '../../lib/harvests/command'
import { Panel } from '../ui/States'
import { JobProgress } from './JobProgress'
import type { RunningJob } from '../../lib/catalog/schema'

const STEPS = [
  ['Let a model read: its activations at one hook are stored.', `${FIRST_HARVEST} --name sotu`],
  [
    'Train a dictionary on them; watch its curves under Runs.',
    'npx loupe train --harvest sotu --architecture topk --d-sae 4608 --k 32 --tokens 1M --name first',
  ],
  ['Count the statistics of its features, so that you can browse them.', 'npx loupe dashboards --dictionary first'],
] as const

/** What to do before there is a dictionary. */
export function FirstRun({ jobs }: { jobs: readonly RunningJob[] }) {
  const router = useRouter()
  const refresh = useCallback(() => router.refresh(), [router])
  return (
    <div className="flex max-w-3xl flex-col gap-4">
      <p className="text-reading">
        A dictionary writes the activations of a language model at one place as sums of a few features out of thousands.
        Many features have a meaning that one can name. You can look at each of them, find it in any text, and turn it
        up or down while the model writes.
      </p>
      {jobs.length > 0 && (
        <Panel title="Running now">
          <div className="flex flex-col gap-3">
            {jobs.map(({ id, kind, about }) => (
              <JobProgress key={id} job={id} name={`${kind} ${about}`} onEnd={refresh} />
            ))}
          </div>
        </Panel>
      )}
      <Panel title="Make the first one, in ten minutes">
        <p>The demo fetches a small model, harvests, trains, counts, and then opens this page with real features.</p>
        <Command text="npm run demo" />
      </Panel>
      <Panel title="Or step by step, with your own model and text">
        <ol className="flex flex-col gap-3">
          {STEPS.map(([text, command], at) => (
            <li key={command}>
              <p>
                {at + 1}. {text}
              </p>
              <Command text={command} />
            </li>
          ))}
        </ol>
      </Panel>
    </div>
  )
}

function Command({ text }: { text: string }) {
  return (
    <pre className="bg-surface mt-1 w-fit max-w-full overflow-x-auto rounded px-3 py-1.5 font-mono text-small">
      {text}
    </pre>
  )
}
