import type { Metadata } from 'next'
import { loadTrainingChoices } from '../../../components/runs/loadChoices'
import { NewRun } from '../../../components/runs/NewRun'
import { Page } from '../../../components/shell/Page'

export const dynamic = 'force-dynamic'
export const metadata: Metadata = { title: 'New run' }

type Search = Record<string, string | string[] | undefined>

export default async function NewRunPage({ searchParams }: { searchParams: Promise<Search> }) {
  return (
    <Page crumbs={[{ text: 'Runs', href: '/runs' }, { text: 'New run' }]} title="New run">
      <NewRun {...await loadTrainingChoices(await searchParams)} />
    </Page>
  )
}
