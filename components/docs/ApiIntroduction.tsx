/** The rules of every route, and two requests to start with. */
import type { ReactNode } from 'react'
import { curlLine } from '../../lib/api/docs/curl'
import type { DocumentedRoute } from '../../lib/api/docs/documentedRoutes'
import { ERROR_CODES } from '../../trainer/errors'
import { CodeBlock } from '../ui/CodeBlock'

/** By id of the route. */
const FIRST_REQUESTS: Record<string, { title: string; label: string }> = {
  postSteer: { title: 'Steer', label: 'request that steers' },
  getDictionariesIdFeatures: { title: 'List features', label: 'request that lists features' },
}

export function ApiIntroduction({ origin, routes }: { origin: string; routes: readonly DocumentedRoute[] }) {
  const first = Object.entries(FIRST_REQUESTS).flatMap(([id, words]) =>
    routes.filter((route) => route.id === id).map((route) => ({ ...route, ...words })),
  )
  return (
    <div className="flex max-w-4xl flex-col gap-3">
      <p>
        Everything that the pages do goes through these routes. They accept and return JSON, answer only programs and
        pages of this machine, and need no key. The same description as{' '}
        <a href="/api/v1/openapi.json" className="text-accent underline">
          OpenAPI 3.1
        </a>
        .
      </p>
      {first.map(({ title, method, path, label, example }) => (
        <div key={path}>
          <p className="text-ink-soft mb-1">{title}</p>
          <CodeBlock label={label} text={curlLine(origin, method, path, example)} wrap />
        </div>
      ))}
      <dl className="grid gap-x-4 gap-y-1 sm:grid-cols-[6rem_1fr]">
        <Term name="Errors">
          have one shape, <code className="font-mono text-small">{'{ "error": { code, message, remedy } }'}</code>:{' '}
          {Object.entries(ERROR_CODES).map(([code, { status }], at) => (
            <span key={code}>
              {at > 0 && ', '}
              <code className="font-mono text-small">{code}</code> {status}
            </span>
          ))}
          ; <code className="font-mono text-small">internal</code> 500 is a defect of Loupe, with a reference for the
          log.
        </Term>
        <Term name="Long lists">
          come in pages: send <code className="font-mono text-small">next</code> of one page as{' '}
          <code className="font-mono text-small">after</code> of the next. It is null on the last page.
        </Term>
        <Term name="Limits">
          A body has up to 4 MB. Requests that compute wait in one queue in which every client has an equal share; the
          header <code className="font-mono text-small">X-Loupe-Client</code> names the client. Cancelling a request
          stops its computation.
        </Term>
      </dl>
    </div>
  )
}

function Term({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-soft">{name}</dt>
      <dd>{children}</dd>
    </>
  )
}
