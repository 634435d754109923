import type { Metadata, Viewport } from 'next'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import type { ReactNode } from 'react'
import { CommandBox } from '../components/shell/CommandBox'
import { Rail } from '../components/shell/Rail'
import { THEME_SCRIPT } from '../components/shell/theme'
import { Tooltips } from '../components/ui/Tooltip'
import './globals.css'

/** Every page shows what is in the database now. */
export const dynamic = 'force-dynamic'

export const metadata: Metadata = {
  title: { default: 'Loupe', template: '%s · Loupe' },
  description: 'The workbench for opening up neural networks with sparse dictionaries',
}

export const viewport: Viewport = { width: 'device-width', initialScale: 1 }

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
              <Rail />
              <main className="min-w-0 flex-1 max-sm:pb-14">{children}</main>
            </div>
            <CommandBox />
          </Tooltips>
        </NuqsAdapter>
      </body>
    </html>
  )
}
