/** What holds for every route, and the two lines to begin with. */
import type { ReactNode } from 'react'
import { curlLine } from '../../lib/api/docs/curl'
import type { ExampleMaker } from '../../lib/api/docs/examples'
import { ERROR_CODES } from '../../trainer/errors'
import { CodeBlock } from '../ui/CodeBlock'

const BEGINNINGS = [
  { title: 'Steer', method: 'POST', path: '/api/v1/steer', label: 'request that steers' },
  {
    title: 'List features',
    method: 'GET',
    path: '/api/v1/dictionaries/{id}/features',
    label: 'request that lists features',
  },
]

export function ApiIntroduction({ origin, exampleOf }: { origin: string; exampleOf: ExampleMaker }) {
  return (
    <div className="flex max-w-4xl flex-col gap-3">
      <p>
        Everything that the pages do goes through these routes. They take and give JSON, answer programs and pages of
        this machine alone, and need no key. The same as{' '}
        <a href="/api/v1/openapi.json" className="text-accent underline">
          OpenAPI 3.1
        </a>
        .
      </p>
      {BEGINNINGS.map(({ title, method, path, label }) => (
        <div key={path}>
          <p className="text-ink-soft mb-1">{title}</p>
          <CodeBlock label={label} text={curlLine(origin, method, path, exampleOf(method, path))} wrap />
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
          ; anything else is a defect of Loupe, <code className="font-mono text-small">internal</code> 500, with a
          reference into the log.
        </Term>
        <Term name="Long lists">
          come page by page: give <code className="font-mono text-small">next</code> of one page as{' '}
          <code className="font-mono text-small">after</code> of the following one. It is null on the last.
        </Term>
        <Term name="Limits">
          Bodies of up to 4 MB. Requests that compute wait in one queue in which every client has an equal share; the
          header <code className="font-mono text-small">X-Loupe-Client</code> names the client. A request that its
          client gives up is stopped.
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
