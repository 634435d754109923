import type { Metadata } from 'next'
import { Dictionaries } from '../components/dictionaries/Dictionaries'
import { FirstRun } from '../components/dictionaries/FirstRun'
import { Page } from '../components/shell/Page'
import { dictionaryList } from '../lib/catalog/pages'
import { webDatabase } from '../lib/web/resources'

export const dynamic = 'force-dynamic'
export const metadata: Metadata = { title: 'Dictionaries' }

export default async function Home() {
  const { dictionaries, jobs } = await dictionaryList(webDatabase())
  const crumbs = [{ text: 'Dictionaries' }]
  if (dictionaries.length === 0) {
    return (
      <Page crumbs={crumbs} title="No dictionary yet">
        <FirstRun jobs={jobs} />
      </Page>
    )
  }
  return (
    <Page crumbs={crumbs} title="Dictionaries" wide>
      <p className="text-ink-soft mb-4 max-w-3xl">
        A dictionary writes a model’s activations at one hook as sums of a few features out of thousands. Open one to
        browse what its features fire on.
      </p>
      <Dictionaries rows={dictionaries} />
    </Page>
  )
}
