import type { Metadata } from 'next'
import { JobView } from '../../../components/jobs/JobView'
import { orNotFound } from '../../orNotFound'
import { Page } from '../../../components/shell/Page'
import { showJob } from '../../../lib/jobs/view'
import { webDatabase } from '../../../lib/web/resources'

export const dynamic = 'force-dynamic'
export const metadata: Metadata = { title: 'Job' }

export default async function JobPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  const initial = await orNotFound(showJob(webDatabase(), id))
  return (
    <Page
      crumbs={[{ text: 'Jobs', href: '/jobs' }, { text: initial.job.kind }, { text: id, mono: true }]}
      title={`Job: ${initial.job.kind}`}
    >
      <JobView initial={initial} />
    </Page>
  )
}
