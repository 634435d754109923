import type { Metadata } from 'next'
import { Page } from '../../components/shell/Page'
import { emptySetup } from '../../components/steering/setup'
import { knownFigures, startOf, type Start } from '../../components/steering/start'
import { SteerWorkbench } from '../../components/steering/SteerWorkbench'
import { Empty, Failure } from '../../components/ui/States'
import { listModels } from '../../lib/models/view'
import { listPresets } from '../../lib/steering/presets'
import { listAttachedDictionaries } from '../../lib/dictionaries/view'
import { webDatabase } from '../../lib/web/resources'
import { LoupeError } from '../../trainer/errors'

export const metadata: Metadata = { title: 'Steer' }

export default async function SteerPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[]>>
}) {
  const database = webDatabase()
  const query = toQuery(await searchParams)
  const [models, dictionaries, presets] = await Promise.all([
    listModels(database),
    listAttachedDictionaries(database),
    listPresets(database),
  ])
  const model = dictionaries[0]?.model ?? models[0]?.name
  if (model === undefined) {
    return (
      <Page crumbs={[{ text: 'Steer' }]} title="Steer">
        <Empty title="No model is here yet" command="npm run demo">
          Here a model continues a text as it is and, beside it, with features turned up or down. The demo brings a
          small model and trains a dictionary of it.
        </Empty>
      </Page>
    )
  }
  const { setup, preset, problem }: MaybeFailed = await startOf(database, query, model).catch((error: unknown) => {
    if (!(error instanceof LoupeError)) throw error
    return { setup: emptySetup(model), preset: null, problem: { message: error.message, remedy: error.remedy } }
  })
  return (
    <Page crumbs={[{ text: 'Steer' }]} title="Steer">
      {problem && (
        <div className="mb-4">
          <Failure problem={problem} />
        </div>
      )}
      <SteerWorkbench
        // Each visit begins with what its address says.
        key={crypto.randomUUID()}
        initial={setup}
        models={models}
        dictionaries={dictionaries}
        presets={presets.map(({ id, name }) => ({ id, name }))}
        preset={preset}
        known={await knownFigures(database, setup, dictionaries)}
      />
    </Page>
  )
}

type MaybeFailed = Start & { problem?: { message: string; remedy?: string } }

function toQuery(params: Record<string, string | string[]>): URLSearchParams {
  return new URLSearchParams(
    Object.entries(params).flatMap(([key, value]) => [value].flat().map((each) => [key, each])),
  )
}
