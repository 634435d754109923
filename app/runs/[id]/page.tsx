import type { Metadata } from 'next'
import { RunView } from '../../../components/runs/RunView'
import { orNotFound } from '../../../components/shell/orNotFound'
import { Page } from '../../../components/shell/Page'
import { showRun, runMetrics } from '../../../lib/runs/view'
import { RunPictureAnswer } from '../../../lib/runs/pictureSchema'
import { RunPoint } from '../../../lib/runs/schema'
import { runPicture } from '../../../lib/runs/report'
import { webDatabase } from '../../../lib/web/resources'
import { describeArchitecture } from '../../../lib/runs/architectures'

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
  const { descriptions } = describeArchitecture(architecture)
  return (
    <Page crumbs={crumbs} title={<span className="font-mono break-all">{name}</span>}>
      <RunView
        initial={initial}
        initialPoints={RunPoint.array().parse(points)}
        initialPicture={RunPictureAnswer.parse(picture)}
        descriptions={descriptions}
      />
    </Page>
  )
}
