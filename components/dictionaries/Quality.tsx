import Link from 'next/link'
import type { ReactNode } from 'react'
import type { DictionarySummary } from '../../lib/dictionaries/view'
import { Figure } from '../ui/definitions'
import { count, even, percent } from '../ui/format'
import { Panel } from '../ui/States'
import { measuredOn } from './measuredOn'
import { StartAnalysis, type HarvestOption } from './StartAnalysis'

/** How good a dictionary is, and where the figures come from. */
export function Quality({
  dictionary,
  running,
  harvests,
}: {
  dictionary: DictionarySummary
  running: string | undefined
  harvests: readonly HarvestOption[] | undefined
}) {
  const { figures, model, id } = dictionary
  const rows = [
    ['l0', even(figures?.l0)],
    ['explainedVariance', even(figures?.explainedVariance)],
    ['crossEntropyRecovered', even(figures?.crossEntropyRecovered)],
    ['deadShare', percent(figures?.deadShare)],
  ] as const
  return (
    <Panel title="Quality">
      <dl className="grid grid-cols-[1fr_auto] gap-y-1">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-soft">
              <Figure of={name} />
            </dt>
            <dd className="text-right font-mono">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="text-ink-soft text-small mt-2">{figures ? measuredOn(figures) : 'Not measured yet.'}</p>
      {model && (
        <div className="mt-2">
          <StartAnalysis dictionary={id} kind="evaluate" running={running} harvests={harvests}>
            {figures?.source === 'evaluation' ? 'Evaluate again' : 'Evaluate'}
          </StartAnalysis>
        </div>
      )}
    </Panel>
  )
}

/** What a dictionary is and where it comes from. */
export function Origin({ dictionary }: { dictionary: DictionarySummary }) {
  const { architecture, config, dIn, dSae, model, hook, targetHook, origin, run, features, createdAt, figures } =
    dictionary
  const { k } = (config['activation'] ?? {}) as { k?: number }
  const rows: [string, ReactNode][] = [
    ['Model', model?.name ?? 'attached to no model here'],
    ['Hook', <Mono key="hook" text={hook ?? '–'} />],
    ...(targetHook === null ? [] : [['Writes', <Mono key="target" text={targetHook} />] satisfies [string, ReactNode]]),
    ['Type', k === undefined ? architecture : `${architecture}, k = ${k}`],
    ['Width', `${count(dSae)} features of ${count(dIn)} dimensions`],
    [
      'Origin',
      run ? (
        <Link key="run" href={`/runs/${run.id}`} className="text-accent hover:underline">
          trained here
        </Link>
      ) : origin === 'run' ? (
        'trained here'
      ) : (
        'imported'
      ),
    ],
    [
      'Harvest',
      features ? (
        <Link key="harvest" href={`/harvests/${features.harvest.id}`} className="text-accent hover:underline">
          <Mono text={features.harvest.name} />
        </Link>
      ) : (
        '–'
      ),
    ],
    ['Engine', figures?.engine ?? '–'],
    ['Made', createdAt.slice(0, 10)],
  ]
  return (
    <Panel title="What it is">
      <dl className="grid grid-cols-[4.5rem_minmax(0,1fr)] gap-y-1">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-soft">{name}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  )
}

function Mono({ text }: { text: string }) {
  return <span className="text-small font-mono">{text}</span>
}
