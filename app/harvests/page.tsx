import type { Metadata } from 'next'
import { HarvestsTable } from '../../components/harvests/HarvestsTable'
import { HARVEST_COMMAND } from '../../components/runs/HarvestChoice'
import { Page } from '../../components/shell/Page'
import { CodeBlock } from '../../components/ui/CodeBlock'
import { Empty } from '../../components/ui/States'
import { HarvestSummary } from '../../lib/harvests/schema'
import { harvestSummaries } from '../../lib/harvests/view'
import { webDatabase } from '../../lib/web/resources'

export const dynamic = 'force-dynamic'
export const metadata: Metadata = { title: 'Harvests' }

export default async function HarvestsPage() {
  const harvests = HarvestSummary.array().parse(await harvestSummaries(webDatabase()))
  return (
    <Page crumbs={[{ text: 'Harvests' }]} title="Harvests" wide>
      {harvests.length === 0 ? (
        <Empty title="No harvests yet" command={HARVEST_COMMAND}>
          A harvest holds the activations of a model at one hook over a corpus; dictionaries are trained on it.
        </Empty>
      ) : (
        <>
          <HarvestsTable initial={harvests} />
          <div className="mt-4 max-w-4xl">
            <p className="text-ink-soft mb-1">
              Another one is made from a terminal, with a hook, a corpus and a size of your choice:
            </p>
            <CodeBlock label="command that makes a harvest" text={HARVEST_COMMAND} wrap />
          </div>
        </>
      )}
    </Page>
  )
}
