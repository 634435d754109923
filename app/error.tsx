'use client'

import { Page } from '../components/shell/Page'
import { Button } from '../components/ui/Button'
import { Failure } from '../components/ui/States'

/** Shown when a page fails. The reason stays in the log, because it can contain private data. */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const reference = error.digest ? ` (reference ${error.digest})` : ''
  return (
    <Page crumbs={[{ text: 'Dictionaries', href: '/' }]} title="This page failed">
      <Failure
        problem={{
          message: `An error stopped this page${reference}.`,
          remedy:
            'Check that everything runs: npx loupe status. The web log (LOUPE_HOME/logs/web.log) has the details under the reference.',
        }}
      >
        <Button className="mt-2" onClick={reset}>
          Try again
        </Button>
      </Failure>
    </Page>
  )
}
