'use client'

import { useRouter } from 'next/navigation'
import { useCallback } from 'react'
import { Panel } from '../ui/States'
import { JobProgress } from './JobProgress'
import type { RunningJob } from './running'

const STEPS = [
  [
    'Let a model read: its activations at one hook are kept.',
    'npx loupe harvest --model smollm2-135m-instruct --hook blocks.9.hook_resid_post --corpus sotu --tokens 200k --name sotu',
  ],
  [
    'Train a dictionary on them; watch its curves under Runs.',
    'npx loupe train --harvest sotu --architecture topk --d-sae 4608 --k 32 --tokens 1M --name first',
  ],
  ['Count its features, so that they can be browsed.', 'npx loupe dashboards --dictionary first'],
] as const

/** What there is to do before there is a dictionary. */
export function FirstRun({ jobs }: { jobs: readonly RunningJob[] }) {
  const router = useRouter()
  const refresh = useCallback(() => router.refresh(), [router])
  return (
    <div className="flex max-w-3xl flex-col gap-4">
      <p className="text-reading">
        A dictionary writes the activations of a language model at one place as sums of a few features out of thousands.
        Many features turn out to mean something one can name, and each can be looked at, found in any text, and turned
        up or down while the model writes.
      </p>
      {jobs.length > 0 && (
        <Panel title="At work now">
          <div className="flex flex-col gap-3">
            {jobs.map(({ id, kind, about }) => (
              <JobProgress key={id} job={id} name={`${kind} ${about}`} onEnd={refresh} />
            ))}
          </div>
        </Panel>
      )}
      <Panel title="Make the first one, in ten minutes">
        <p>The demo fetches a small model, harvests, trains, counts, and ends on this page with real features.</p>
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
