import type { Metadata } from 'next'
import Link from 'next/link'
import { CompareChoice } from '../../components/comparisons/CompareChoice'
import { ComparePrompt } from '../../components/comparisons/ComparePrompt'
import { FigureTable } from '../../components/comparisons/FigureTable'
import { Matches } from '../../components/comparisons/Matches'
import { Page } from '../../components/shell/Page'
import { Empty, Failure, Panel, type Problem } from '../../components/ui/States'
import { comparableOptions, measuredPair } from '../../lib/catalog/pages'
import type { Database } from '../../lib/db/connect'
import { requireDictionary } from '../../lib/dictionaries/rows'
import { webDatabase } from '../../lib/web/resources'
import { toLoupeError } from '../../trainer/errors'
import { orNotFound } from '../orNotFound'

export const dynamic = 'force-dynamic'
export const metadata: Metadata = { title: 'Compare' }

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function ComparePage({ searchParams }: Props) {
  const { a, b } = await searchParams
  const database = webDatabase()
  const [options, first, second] = await Promise.all([
    comparableOptions(database),
    idOf(database, a),
    idOf(database, b),
  ])
  return (
    <Page crumbs={[{ text: 'Dictionaries', href: '/' }, { text: 'Compare' }]} title="Compare two dictionaries" wide>
      {options.length < 2 ? (
        <Empty title="There are not two dictionaries yet" command="npx loupe train --sweep sweep.json --harvest NAME">
          Two dictionaries of one model and hook can be compared feature by feature. A{' '}
          <Link href="/sweeps/new" className="text-accent underline">
            sweep
          </Link>{' '}
          makes several at once:
        </Empty>
      ) : (
        <div className="flex flex-col gap-4">
          <CompareChoice options={options} a={first} b={second} />
          {first && second ? (
            <Compared database={database} names={{ a: first, b: second }} />
          ) : (
            <p className="text-ink-soft">
              Choose two dictionaries to see their figures, the features that both have, the features that only one has,
              and one text through both.
            </p>
          )}
        </div>
      )}
    </Page>
  )
}

/** Undefined for an absent name; a page of status 404 for an unknown one. */
async function idOf(database: Database, nameOrId: string | string[] | undefined): Promise<string | undefined> {
  if (typeof nameOrId !== 'string' || nameOrId === '') return undefined
  return (await orNotFound(requireDictionary(database, nameOrId))).id
}

async function Compared({ database, names }: { database: Database; names: { a: string; b: string } }) {
  const pair = await measuredPair(database, names).catch((error: unknown) => problemOf(error))
  if (!('a' in pair)) return <Failure problem={pair} />
  const { a, b } = names
  const unattached = [pair.a.summary, pair.b.summary].filter(({ model, hook }) => model === null || hook === null)
  return (
    <>
      <FigureTable a={pair.a} b={pair.b} />
      <Matches key={`${a} ${b}`} a={a} b={b} />
      {a !== b && unattached.length === 0 && <ComparePrompt a={a} b={b} />}
      {a !== b && unattached.length > 0 && (
        <Panel title="The same text through both">
          <p className="text-ink-soft">
            {unattached.map(({ name }) => name).join(' and ')}: attached to no model here, so no text can be encoded.
            Import {unattached.length === 1 ? 'it' : 'them'} again with --model and --hook.
          </p>
        </Panel>
      )}
    </>
  )
}

function problemOf(error: unknown): Problem {
  const known = toLoupeError(error)
  if (!known) throw error
  return { message: known.message, remedy: known.remedy ?? null }
}
