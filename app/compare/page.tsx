import type { Metadata } from 'next'
import Link from 'next/link'
import { CompareChoice } from '../../components/comparisons/CompareChoice'
import { ComparePrompt } from '../../components/comparisons/ComparePrompt'
import { FigureTable } from '../../components/comparisons/FigureTable'
import { Matches } from '../../components/comparisons/Matches'
import { orNotFound } from '../../components/shell/orNotFound'
import { Page } from '../../components/shell/Page'
import { Empty, Failure, Panel, type Problem } from '../../components/ui/States'
import { requireComparable, type Pair } from '../../lib/comparisons/rows'
import type { Database } from '../../lib/db/connect'
import { requireDictionary } from '../../lib/dictionaries/rows'
import { dictionarySummaries } from '../../lib/dictionaries/view'
import { newestEvaluation } from '../../lib/evaluations/view'
import { webDatabase } from '../../lib/web/resources'
import { toLoupeError } from '../../trainer/errors'

export const dynamic = 'force-dynamic'
export const metadata: Metadata = { title: 'Compare' }

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function ComparePage({ searchParams }: Props) {
  const { a, b } = await searchParams
  const database = webDatabase()
  const summaries = await dictionarySummaries(database)
  const [first, second] = await Promise.all([idOf(database, a), idOf(database, b)])
  const options = summaries.map(({ id, name, model, hook, targetHook, dIn, config }) => ({
    id,
    name,
    model: model?.name ?? null,
    hook,
    targetHook,
    dIn,
    config: { d_out: config['d_out'] },
  }))
  return (
    <Page crumbs={[{ text: 'Dictionaries', href: '/' }, { text: 'Compare' }]} title="Compare two dictionaries" wide>
      {summaries.length < 2 ? (
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
            <Compared database={database} asked={{ a: first, b: second }} />
          ) : (
            <p className="text-ink-soft">
              Choose two: their figures, the features they share, those that only one has, and one text through both.
            </p>
          )}
        </div>
      )}
    </Page>
  )
}

/** A page of status 404 for a name that nothing has. */
async function idOf(database: Database, asked: string | string[] | undefined): Promise<string | undefined> {
  if (typeof asked !== 'string' || asked === '') return undefined
  return (await orNotFound(requireDictionary(database, asked))).id
}

async function Compared({ database, asked }: { database: Database; asked: { a: string; b: string } }) {
  const pair = await requireComparable(database, asked).catch((error: unknown) => problemOf(error))
  if (!('a' in pair)) return <Failure problem={pair} />
  const { a, b } = pair
  const [ofA, ofB] = await measured(database, pair)
  const untied = [a, b].filter(({ modelId, hook }) => modelId === null || hook === null)
  return (
    <>
      <FigureTable a={ofA!} b={ofB!} />
      <Matches key={`${a.id} ${b.id}`} a={a.id} b={b.id} />
      {a.id !== b.id && untied.length === 0 && <ComparePrompt a={a.id} b={b.id} />}
      {a.id !== b.id && untied.length > 0 && (
        <Panel title="The same text through both">
          <p className="text-ink-soft">
            {untied.map(({ name }) => name).join(' and ')}: attached to no model here, so there is nothing to read a
            text with. Import {untied.length === 1 ? 'it' : 'them'} again with --model and --hook.
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

async function measured(database: Database, { a, b }: Pair) {
  const summaries = await dictionarySummaries(database, { id: { in: [a.id, b.id] } })
  return Promise.all(
    [a, b].map(async (row) => ({
      summary: summaries.find(({ id }) => id === row.id)!,
      evaluation: await newestEvaluation(database, row),
    })),
  )
}
