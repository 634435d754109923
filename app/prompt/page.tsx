import type { Metadata } from 'next'
import { PromptWorkbench } from '../../components/prompts/PromptWorkbench'
import { Page } from '../../components/shell/Page'
import { Empty } from '../../components/ui/States'
import { listAttachedDictionaries } from '../../lib/catalog/view'
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
        <Empty title="No dictionaries yet" command="npm run demo">
          This page shows the features of any text, token by token. The demo trains a dictionary for a small model, and
          loupe import adds others.
        </Empty>
      ) : (
        <PromptWorkbench dictionaries={dictionaries} initialText={typeof text === 'string' ? text : null} />
      )}
    </Page>
  )
}
