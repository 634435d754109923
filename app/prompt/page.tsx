import type { Metadata } from 'next'
import { PromptWorkbench } from '../../components/prompts/PromptWorkbench'
import { Page } from '../../components/shell/Page'
import { Empty } from '../../components/ui/States'
import { listAttachedDictionaries } from '../../lib/dictionaries/view'
import { webDatabase } from '../../lib/web/resources'

export const metadata: Metadata = { title: 'Prompt' }

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function PromptPage({ searchParams }: Props) {
  const { text } = await searchParams
  const dictionaries = await listAttachedDictionaries(webDatabase())
  return (
    <Page crumbs={[{ text: 'Prompt' }]} title="Prompt">
      {dictionaries.length === 0 ? (
        <Empty title="No dictionary is here yet" command="npm run demo">
          Here any text shows its features, token by token. The demo trains a dictionary of a small model; others come
          with loupe import.
        </Empty>
      ) : (
        <PromptWorkbench dictionaries={dictionaries} initialText={typeof text === 'string' ? text : null} />
      )}
    </Page>
  )
}
