/** One route of the API: its purpose, input and answer, and a request to try. */
import type { ReactNode } from 'react'
import { curlLine } from '../../lib/api/docs/curl'
import type { DocumentedRoute } from '../../lib/api/docs/documentedRoutes'
import { fieldGroups, typeOf, type JsonSchema } from '../../lib/api/docs/schemaFields'
import { CodeBlock } from '../ui/CodeBlock'
import { cx } from '../ui/cx'
import { FieldGroups } from './FieldList'
import { MethodBadge } from './MethodBadge'

export function RouteDoc({ route, origin }: { route: DocumentedRoute; origin: string }) {
  const { id, method, path, summary, description, parameters, body, answers, example } = route
  const hasInput = parameters.length > 0 || body !== undefined
  return (
    <article id={id} aria-labelledby={`${id}-heading`} className="scroll-mt-14 border-t py-5">
      <h3 id={`${id}-heading`} className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
        <MethodBadge method={method} />
        <a href={`#${id}`} className="min-w-0 font-mono font-medium break-words hover:underline">
          {path.split('/').flatMap((segment, at) => (at === 0 ? [segment] : ['/', <wbr key={at} />, segment]))}
        </a>
      </h3>
      <p className="mt-1">{summary}.</p>
      {description && <p className="text-ink-soft mt-1 max-w-3xl whitespace-pre-line">{description}</p>}
      {example && (
        <div className="mt-3">
          <CodeBlock label="request" text={curlLine(origin, method, path, example)} wrap />
        </div>
      )}
      <div className={cx('mt-3 grid gap-x-6 gap-y-4', hasInput && 'xl:grid-cols-2')}>
        {hasInput && (
          <div className="flex min-w-0 flex-col gap-4">
            {parameters.length > 0 && (
              <Part title="Parameters">
                <FieldGroups groups={[{ title: undefined, fields: parameters }]} isInput />
              </Part>
            )}
            {body && (
              <Part title="Body" note="application/json">
                <Schema schema={body} isInput />
              </Part>
            )}
          </div>
        )}
        <div className="flex min-w-0 flex-col gap-4">
          {answers.map(({ contentType, schema, when }) => (
            <Part key={contentType} title="Answer" note={when ? `${contentType}, ${when}` : contentType}>
              <Schema schema={schema} />
            </Part>
          ))}
        </div>
      </div>
    </article>
  )
}

function Part({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  return (
    <section className="min-w-0">
      <h4 className="text-ink-soft mb-1">
        {title} {note && <span className="text-small font-mono">{note}</span>}
      </h4>
      {children}
    </section>
  )
}

function Schema({ schema, isInput = false }: { schema: JsonSchema; isInput?: boolean }) {
  const groups = fieldGroups(schema)
  if (groups.length > 0) return <FieldGroups groups={groups} isInput={isInput} />
  return (
    <p>
      <span className="font-mono text-small">{typeOf(schema)}</span> {schema.description}
    </p>
  )
}
