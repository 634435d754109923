import type { Metadata } from 'next'
import Link from 'next/link'
import { Page } from '../components/shell/Page'
import { Empty } from '../components/ui/States'

export const metadata: Metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <Page crumbs={[{ text: 'Dictionaries', href: '/' }, { text: 'Not found' }]} title="Not found">
      <Empty title="Nothing is stored at this address">
        It may have been deleted, or the address has a typing error. Continue with{' '}
        <Link href="/" className="text-accent underline">
          all dictionaries
        </Link>
        , or press / to find a feature.
      </Empty>
    </Page>
  )
}
