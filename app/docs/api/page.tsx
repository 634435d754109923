import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { ApiIntroduction } from '../../../components/docs/ApiIntroduction'
import { RouteDoc } from '../../../components/docs/RouteDoc'
import { RouteIndex } from '../../../components/docs/RouteIndex'
import { Page } from '../../../components/shell/Page'
import { byTag, documentedRoutes } from '../../../lib/api/docs/documentedRoutes'
import { exampleThings } from '../../../lib/api/docs/exampleThings'
import { NOTHING } from '../../../lib/api/example'
import { ROUTES } from '../../../lib/api/routes'
import { webDatabase } from '../../../lib/web/resources'

export const dynamic = 'force-dynamic'
export const metadata: Metadata = { title: 'API' }

export default async function ApiPage() {
  const host = (await headers()).get('host') ?? '127.0.0.1:3000'
  const origin = `http://${host}`
  const documented = documentedRoutes(ROUTES, await exampleThings(webDatabase()).catch(() => NOTHING))
  const tags = byTag(documented)
  return (
    <Page crumbs={[{ text: 'API' }]} title="API">
      <div className="flex gap-8">
        <RouteIndex tags={tags} />
        <div className="min-w-0 flex-1">
          <ApiIntroduction origin={origin} routes={documented} />
          {[...tags].map(([tag, routes]) => (
            <section key={tag} id={tag} className="mt-8 scroll-mt-14">
              <h2 className="text-large mb-2 font-semibold capitalize">{tag}</h2>
              {routes.map((route) => (
                <RouteDoc key={route.id} route={route} origin={origin} />
              ))}
            </section>
          ))}
        </div>
      </div>
    </Page>
  )
}
