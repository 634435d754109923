import type { Metadata } from 'next'
import { orNotFound } from '../../orNotFound'
import { Page } from '../../../components/shell/Page'
import { decodedSegment } from '../../segment'
import { SweepView } from '../../../components/sweeps/SweepView'
import { showSweep } from '../../../lib/sweeps/view'
import { webDatabase } from '../../../lib/web/resources'

export const dynamic = 'force-dynamic'
export const metadata: Metadata = { title: 'Sweep' }

export default async function SweepPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  const initial = await orNotFound(showSweep(webDatabase(), decodedSegment(id)))
  const { name, harvest } = initial.sweep
  const crumbs = [
    { text: 'Runs', href: '/runs' },
    { text: 'Sweeps', href: '/sweeps' },
    { text: harvest.model.name },
    { text: harvest.hook, mono: true },
    { text: name, mono: true },
  ]
  return (
    <Page crumbs={crumbs} title={<span className="font-mono break-all">{name}</span>} wide>
      <SweepView initial={initial} />
    </Page>
  )
}
