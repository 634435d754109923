import type { Metadata } from 'next'
import { typedIn } from '../../../components/forms/formFields'
import { Page } from '../../../components/shell/Page'
import { NewSweep } from '../../../components/sweeps/NewSweep'
import { trainingChoices } from '../../../lib/runs/view'
import { webDatabase } from '../../../lib/web/resources'

export const dynamic = 'force-dynamic'
export const metadata: Metadata = { title: 'New sweep' }

type Search = Record<string, string | string[] | undefined>

export default async function NewSweepPage({ searchParams }: { searchParams: Promise<Search> }) {
  const crumbs = [{ text: 'Runs', href: '/runs' }, { text: 'Sweeps', href: '/sweeps' }, { text: 'New sweep' }]
  return (
    <Page crumbs={crumbs} title="New sweep">
      <NewSweep choices={await trainingChoices(webDatabase())} initial={typedIn(await searchParams)} />
    </Page>
  )
}
