import Link from 'next/link'
import type { ReactNode } from 'react'
import type { RunDetail } from '../../lib/runs/schema'
import { count } from '../ui/format'

/** What a run was made from, and what it belongs to. */
export function RunOrigin({ run: { harvest, parent, sweep, job } }: { run: RunDetail }) {
  return (
    <dl className="grid grid-cols-[max-content_1fr] gap-x-5 gap-y-0.5">
      <Row name="harvest">
        <To href={`/harvests/${harvest.id}`}>{harvest.name}</To>
      </Row>
      <Row name="model">{harvest.model.name}</Row>
      <Row name="hook">{harvest.hook}</Row>
      {parent && (
        <Row name="started from">
          <To href={`/runs/${parent.run}`}>{parent.name}</To>, step {count(parent.step)}
        </Row>
      )}
      {sweep && (
        <Row name="sweep">
          <To href={`/sweeps/${sweep.id}`}>{sweep.name}</To>
        </Row>
      )}
      {job && (
        <Row name="job">
          <To href={`/jobs/${job.id}`}>{job.id}</To>
        </Row>
      )}
    </dl>
  )
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-soft">{name}</dt>
      <dd className="text-small min-w-0 font-mono break-all">{children}</dd>
    </>
  )
}

function To({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link href={href} className="text-accent hover:underline">
      {children}
    </Link>
  )
}
