import type { Metadata } from 'next'
import Link from 'next/link'
import { RunsTable } from '../../components/runs/RunsTable'
import { Page } from '../../components/shell/Page'
import { buttonClass } from '../../components/ui/Button'
import { Empty } from '../../components/ui/States'
import { listRuns } from '../../lib/runs/view'
import { webDatabase } from '../../lib/web/resources'

export const dynamic = 'force-dynamic'
export const metadata: Metadata = { title: 'Runs' }

const SHOWN = 200

export default async function RunsPage() {
  const initial = await listRuns(webDatabase(), SHOWN)
  const start = (
    <>
      <Link href="/sweeps" className={buttonClass()}>
        Sweeps
      </Link>
      <Link href="/sweeps/new" className={buttonClass()}>
        New sweep
      </Link>
      <Link href="/runs/new" className={buttonClass('primary')}>
        New run
      </Link>
    </>
  )
  return (
    <Page crumbs={[{ text: 'Runs' }]} title="Training runs" actions={start} wide>
      {initial.runs.length > 0 ? (
        <RunsTable initial={initial} />
      ) : (
        <Empty title="No runs yet" command="npx loupe train --harvest NAME --d-sae 4608 --k 32 --tokens 1M">
          A run trains a dictionary on the activations of a harvest. Start one here with “New run”, or from a terminal:
        </Empty>
      )}
    </Page>
  )
}
