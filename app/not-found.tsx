import type { Metadata } from 'next'
import Link from 'next/link'
import { Page } from '../components/shell/Page'
import { Empty } from '../components/ui/States'

export const metadata: Metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <Page crumbs={[{ text: 'Dictionaries', href: '/' }, { text: 'Not found' }]} title="There is nothing here">
      <Empty title="The address leads to nothing that is stored">
        It may have been deleted, or mistyped. Go on from{' '}
        <Link href="/" className="text-accent underline">
          all dictionaries
        </Link>
        , or press / to look for a feature.
      </Empty>
    </Page>
  )
}
