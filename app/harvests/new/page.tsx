import type { Metadata } from 'next'
import { typedIn } from '../../../components/forms/formFields'
import { NewHarvest } from '../../../components/harvests/NewHarvest'
import { Page } from '../../../components/shell/Page'
import { Empty } from '../../../components/ui/States'
import { formSchemaOf } from '../../../lib/base/formSchema'
import { HarvestRequest } from '../../../lib/harvests/schema'
import { listModels } from '../../../lib/models/view'
import { webDatabase } from '../../../lib/web/resources'

export const dynamic = 'force-dynamic'
export const metadata: Metadata = { title: 'New harvest' }

type Search = Record<string, string | string[] | undefined>

export default async function NewHarvestPage({ searchParams }: { searchParams: Promise<Search> }) {
  const models = await listModels(webDatabase())
  const initial = typedIn(await searchParams)
  return (
    <Page crumbs={[{ text: 'Harvests', href: '/harvests' }, { text: 'New harvest' }]} title="New harvest">
      {models.length === 0 ? (
        <Empty title="No models yet" command="npx loupe model add smollm2-135m-instruct">
          A harvest runs a text through a model. Add a model from a terminal:
        </Empty>
      ) : (
        <NewHarvest models={models} schema={formSchemaOf(HarvestRequest)} initial={initial} />
      )}
    </Page>
  )
}
