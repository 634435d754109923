import Link from 'next/link'
import type { ReactNode } from 'react'
import type { DictionarySummary } from '../../lib/catalog/schema'
import { Engine } from '../ui/Engine'
import { count } from '../ui/format'
import { Panel } from '../ui/States'

/** What a dictionary is and where it comes from. */
export function Origin({ dictionary }: { dictionary: DictionarySummary }) {
  const { architecture, config, dIn, dSae, model, hook, targetHook, origin, run, features, createdAt, figures } =
    dictionary
  const k = activationCount(config)
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
    ['Engine', figures ? <Engine key="engine">{figures.engine}</Engine> : '–'],
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

/** `k` of the activation function; undefined where the rule has none. */
function activationCount({ activation }: DictionarySummary['config']): number | undefined {
  if (typeof activation !== 'object' || activation === null || !('k' in activation)) return undefined
  return typeof activation.k === 'number' ? activation.k : undefined
}

function Mono({ text }: { text: string }) {
  return <span className="text-small font-mono">{text}</span>
}
