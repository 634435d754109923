import type { Metadata } from 'next'
import Link from 'next/link'
import { orNotFound } from '../../orNotFound'
import { Page } from '../../../components/shell/Page'
import { KeptAnswer } from '../../../components/steering/KeptAnswer'
import { buttonClass } from '../../../components/ui/Button'
import { getGeneration } from '../../../lib/steering/generations'
import { webDatabase } from '../../../lib/web/resources'

export const metadata: Metadata = { title: 'Kept answer' }

export default async function KeptAnswerPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  const initial = await orNotFound(getGeneration(webDatabase(), id))
  return (
    <Page
      crumbs={[
        { text: 'Steer', href: '/steer' },
        { text: id.slice(0, 8), mono: true },
      ]}
      title="Kept answer"
      actions={
        <Link href={`/steer?kept=${id}`} className={buttonClass()}>
          Change it in Steer
        </Link>
      }
    >
      <KeptAnswer initial={initial} />
    </Page>
  )
}
