import type { Metadata } from 'next'
import { Page } from '../../../components/shell/Page'
import { NewSweep } from '../../../components/sweeps/NewSweep'
import { HarvestSummary } from '../../../lib/api/schemas/harvests'
import { describeArchitectures } from '../../../lib/architectures'
import { harvestSummaries } from '../../../lib/harvestSummaries'
import { webDatabase } from '../../../lib/web/resources'
import { ENGINE_NAMES } from '../../../trainer/sae/engines/names'

export const dynamic = 'force-dynamic'
export const metadata: Metadata = { title: 'New sweep' }

type Search = Record<string, string | string[] | undefined>

export default async function NewSweepPage({ searchParams }: { searchParams: Promise<Search> }) {
  const search = await searchParams
  const initial = Object.entries(search).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []))
  const harvests = HarvestSummary.array().parse(await harvestSummaries(webDatabase()))
  const crumbs = [{ text: 'Runs', href: '/runs' }, { text: 'Sweeps', href: '/sweeps' }, { text: 'New sweep' }]
  return (
    <Page crumbs={crumbs} title="New sweep">
      <NewSweep
        harvests={harvests}
        architectures={describeArchitectures()}
        engines={ENGINE_NAMES}
        initial={Object.fromEntries(initial) as Record<string, string>}
      />
    </Page>
  )
}
