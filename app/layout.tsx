import type { Metadata, Viewport } from 'next'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import type { ReactNode } from 'react'
import { CommandBox } from '../components/shell/CommandBox'
import { Rail, type RailPlace } from '../components/shell/Rail'
import { THEME_SCRIPT } from '../components/shell/theme'
import { Tooltips } from '../components/ui/Tooltip'
import './globals.css'
import { addressesUnder, places } from './places'

/** Nothing is cached: every page shows the current rows of the database. */
export const dynamic = 'force-dynamic'

export const metadata: Metadata = {
  title: { default: 'Loupe', template: '%s · Loupe' },
  description: 'The workbench for opening up neural networks with sparse dictionaries',
}

export const viewport: Viewport = { width: 'device-width', initialScale: 1 }

const railPlaces = places.flatMap((place): RailPlace[] => {
  const { route, name, icon: Icon } = place
  if (name === undefined || Icon === undefined) return []
  const icon = <Icon aria-hidden className="size-4 shrink-0" />
  return [{ href: route, name, icon, addresses: addressesUnder(place) }]
})

const namedPages = places.flatMap(({ route, name }) => (name === undefined ? [] : [{ href: route, name }]))

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        <script dangerouslySetInnerHTML={{ __html: THEME_SCRIPT }} />
      </head>
      <body className="min-h-dvh">
        <NuqsAdapter>
          <Tooltips>
            <div className="flex min-h-dvh max-sm:flex-col-reverse">
              <Rail places={railPlaces} />
              <main className="min-w-0 flex-1 max-sm:pb-14">{children}</main>
            </div>
            <CommandBox pages={namedPages} />
          </Tooltips>
        </NuqsAdapter>
      </body>
    </html>
  )
}
