import type { Metadata } from 'next'
import { Page } from '../../components/shell/Page'
import { SteerWorkbench } from '../../components/steering/SteerWorkbench'
import { Empty, Failure } from '../../components/ui/States'
import { steerPage } from '../../lib/steering/view'
import { webDatabase } from '../../lib/web/resources'

export const metadata: Metadata = { title: 'Steer' }

export default async function SteerPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[]>>
}) {
  const initial = await steerPage(webDatabase(), toQuery(await searchParams))
  return (
    <Page crumbs={[{ text: 'Steer' }]} title="Steer">
      {initial ? (
        <>
          {initial.problem && (
            <div className="mb-4">
              <Failure problem={initial.problem} />
            </div>
          )}
          {/* The key starts each visit with the settings of its address. */}
          <SteerWorkbench key={crypto.randomUUID()} initial={initial} />
        </>
      ) : (
        <Empty title="No models yet" command="npm run demo">
          On this page a model continues a text twice: unchanged, and with features turned up or down. The demo
          downloads a small model and trains a dictionary for it.
        </Empty>
      )}
    </Page>
  )
}

function toQuery(params: Record<string, string | string[]>): URLSearchParams {
  return new URLSearchParams(
    Object.entries(params).flatMap(([key, value]) => [value].flat().map((each) => [key, each])),
  )
}
