'use client'

import { Page } from '../components/shell/Page'
import { Button } from '../components/ui/Button'
import { Failure } from '../components/ui/States'

/** A page that could not be made: the reason stays in the log, for it may hold what is nobody's business. */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const reference = error.digest ? ` (reference ${error.digest})` : ''
  return (
    <Page crumbs={[{ text: 'Dictionaries', href: '/' }]} title="This page could not be made">
      <Failure
        problem={{
          message: `Something failed on the way to this page${reference}.`,
          remedy:
            'See that everything runs: npx loupe status. The web log (LOUPE_HOME/logs/web.log) has the details under the reference.',
        }}
      >
        <Button className="mt-2" onClick={reset}>
          Try again
        </Button>
      </Failure>
    </Page>
  )
}
