import type { Metadata } from 'next'
import Link from 'next/link'
import { HarvestsTable } from '../../components/harvests/HarvestsTable'
import { Page } from '../../components/shell/Page'
import { buttonClass } from '../../components/ui/Button'
import { CodeBlock } from '../../components/ui/CodeBlock'
import { Empty } from '../../components/ui/States'
import { FIRST_HARVEST } from '../../lib/harvests/command'
import { harvestSummaries } from '../../lib/harvests/view'
import { webDatabase } from '../../lib/web/resources'

export const dynamic = 'force-dynamic'
export const metadata: Metadata = { title: 'Harvests' }

export default async function HarvestsPage() {
  const harvests = await harvestSummaries(webDatabase())
  const start = (
    <Link href="/harvests/new" className={buttonClass('primary')}>
      New harvest
    </Link>
  )
  return (
    <Page crumbs={[{ text: 'Harvests' }]} title="Harvests" actions={start} wide>
      {harvests.length === 0 ? (
        <Empty title="No harvests yet" command={FIRST_HARVEST}>
          A harvest holds the activations of a model at one hook over a corpus. Dictionaries are trained on it. Start
          one here with “New harvest”, or from a terminal:
        </Empty>
      ) : (
        <>
          <HarvestsTable initial={harvests} />
          <div className="mt-4 max-w-4xl">
            <p className="text-ink-soft mb-1">
              Start another one with “New harvest”, or from a terminal, where the corpus can also be a text file:
            </p>
            <CodeBlock label="command that makes a harvest" text={FIRST_HARVEST} wrap />
          </div>
        </>
      )}
    </Page>
  )
}
