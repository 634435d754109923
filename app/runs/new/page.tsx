import type { Metadata } from 'next'
import { typedIn } from '../../../components/forms/formFields'
import { NewRun } from '../../../components/runs/NewRun'
import { Page } from '../../../components/shell/Page'
import { trainingChoices } from '../../../lib/runs/view'
import { webDatabase } from '../../../lib/web/resources'

export const dynamic = 'force-dynamic'
export const metadata: Metadata = { title: 'New run' }

type Search = Record<string, string | string[] | undefined>

export default async function NewRunPage({ searchParams }: { searchParams: Promise<Search> }) {
  return (
    <Page crumbs={[{ text: 'Runs', href: '/runs' }, { text: 'New run' }]} title="New run">
      <NewRun choices={await trainingChoices(webDatabase())} initial={typedIn(await searchParams)} />
    </Page>
  )
}
