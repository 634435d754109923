import type { Metadata } from 'next'
import { JobsTable } from '../../components/jobs/JobsTable'
import { Page } from '../../components/shell/Page'
import { listJobs } from '../../lib/jobs/view'
import { webDatabase } from '../../lib/web/resources'

export const dynamic = 'force-dynamic'
export const metadata: Metadata = { title: 'Jobs' }

export default async function JobsPage() {
  const initial = await listJobs(webDatabase(), { limit: 100 })
  return (
    <Page crumbs={[{ text: 'Jobs' }]} title="Jobs" wide>
      <JobsTable initial={initial} />
    </Page>
  )
}
