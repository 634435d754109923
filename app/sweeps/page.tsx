import type { Metadata } from 'next'
import Link from 'next/link'
import { Page } from '../../components/shell/Page'
import { SweepsTable } from '../../components/sweeps/SweepsTable'
import { buttonClass } from '../../components/ui/Button'
import { Empty } from '../../components/ui/States'
import { listSweeps } from '../../lib/sweeps/view'
import { webDatabase } from '../../lib/web/resources'

export const dynamic = 'force-dynamic'
export const metadata: Metadata = { title: 'Sweeps' }

const SHOWN = 200

export default async function SweepsPage() {
  const initial = await listSweeps(webDatabase(), SHOWN)
  const start = (
    <Link href="/sweeps/new" className={buttonClass('primary')}>
      New sweep
    </Link>
  )
  return (
    <Page crumbs={[{ text: 'Runs', href: '/runs' }, { text: 'Sweeps' }]} title="Sweeps" actions={start} wide>
      {initial.sweeps.length > 0 ? (
        <SweepsTable initial={initial} />
      ) : (
        <Empty title="No sweeps yet" command="npx loupe train --sweep sweep.json --harvest NAME">
          A sweep trains many dictionaries on one harvest, so that they can be compared: several architectures, widths
          or numbers of active latents. Start one here with “New sweep”, or from a terminal:
        </Empty>
      )}
    </Page>
  )
}
