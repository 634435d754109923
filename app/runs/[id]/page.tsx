import type { Metadata } from 'next'
import { RunView } from '../../../components/runs/RunView'
import { orNotFound } from '../../orNotFound'
import { Page } from '../../../components/shell/Page'
import { settingDescriptions } from '../../../lib/runs/architectures'
import { runMetrics, runPicture, showRun } from '../../../lib/runs/view'
import { webDatabase } from '../../../lib/web/resources'

export const dynamic = 'force-dynamic'
export const metadata: Metadata = { title: 'Run' }

export default async function RunPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  const initial = await orNotFound(showRun(webDatabase(), id))
  const [points, picture] = await Promise.all([runMetrics(webDatabase(), id), runPicture(webDatabase(), id)])
  const { name, harvest, architecture } = initial.run
  const crumbs = [
    { text: 'Runs', href: '/runs' },
    { text: harvest.model.name },
    { text: harvest.hook, mono: true },
    { text: name, mono: true },
  ]
  return (
    <Page crumbs={crumbs} title={<span className="font-mono break-all">{name}</span>}>
      <RunView
        initial={initial}
        initialPoints={points}
        initialPicture={picture}
        descriptions={settingDescriptions(architecture)}
      />
    </Page>
  )
}
