/** The list of all routes, next to their descriptions. */
import type { DocumentedRoute } from '../../lib/api/docs/documentedRoutes'
import { MethodBadge } from './MethodBadge'

export function RouteIndex({ tags }: { tags: ReadonlyMap<string, readonly DocumentedRoute[]> }) {
  return (
    <nav
      aria-label="Routes"
      className="sticky top-15 max-h-[calc(100dvh-5rem)] w-76 shrink-0 self-start overflow-y-auto max-lg:hidden"
    >
      {[...tags].map(([tag, routes]) => (
        <div key={tag} className="mb-3">
          <a href={`#${tag}`} className="font-medium capitalize hover:underline">
            {tag}
          </a>
          <ul className="mt-1">
            {routes.map(({ id, method, path, summary }) => (
              <li key={id}>
                <a
                  href={`#${id}`}
                  title={summary}
                  className="text-ink-soft hover:text-accent flex items-baseline gap-1.5 py-0.5"
                >
                  <MethodBadge method={method} />
                  <span className="text-small truncate font-mono">{path.replace('/api/v1', '')}</span>
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  )
}
