import type { Metadata } from 'next'
import Link from 'next/link'
import { HarvestView } from '../../../components/harvests/HarvestView'
import { orNotFound } from '../../orNotFound'
import { Page } from '../../../components/shell/Page'
import { buttonClass } from '../../../components/ui/Button'
import { harvestCommand } from '../../../lib/harvests/command'
import { harvestDetail, optionsOf } from '../../../lib/harvests/view'
import { webDatabase } from '../../../lib/web/resources'

export const dynamic = 'force-dynamic'
export const metadata: Metadata = { title: 'Harvest' }

export default async function HarvestPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  const harvest = await orNotFound(harvestDetail(webDatabase(), id))
  const crumbs = [
    { text: 'Harvests', href: '/harvests' },
    { text: harvest.model.name },
    { text: harvest.hook, mono: true },
    { text: harvest.name, mono: true },
  ]
  const train = harvest.status === 'finished' && (
    <Link href={`/runs/new?harvest=${encodeURIComponent(harvest.name)}`} className={buttonClass('primary')}>
      Train on this
    </Link>
  )
  return (
    <Page crumbs={crumbs} title={<span className="font-mono break-all">{harvest.name}</span>} actions={train}>
      <HarvestView harvest={harvest} command={harvestCommand(optionsOf(harvest))} />
    </Page>
  )
}
