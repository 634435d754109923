import type { Metadata } from 'next'
import { Density } from '../../../components/dictionaries/Density'
import { DictionaryActions } from '../../../components/dictionaries/DictionaryActions'
import { Evaluations } from '../../../components/dictionaries/Evaluations'
import { Features } from '../../../components/dictionaries/Features'
import { NoStatistics } from '../../../components/dictionaries/NoStatistics'
import { Origin } from '../../../components/dictionaries/Origin'
import { Quality } from '../../../components/dictionaries/Quality'
import { Suite } from '../../../components/dictionaries/Suite'
import { AgainstCrossEntropy, AgainstNorm } from '../../../components/dictionaries/TokenClouds'
import { Page } from '../../../components/shell/Page'
import { dictionaryPage } from '../../../lib/catalog/pages'
import { FEATURE_FORMATS } from '../../../lib/exports/formats'
import { webDatabase } from '../../../lib/web/resources'
import { dictionaryCrumbs, loadDictionary } from '../load'

interface Props {
  params: Promise<{ id: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { row } = await loadDictionary((await params).id)
  return { title: row.name }
}

/** Neuronpedia's files make sense only together; the tables are offered one by one. */
const EXPORTS = FEATURE_FORMATS.flatMap(({ name: format, whats }) =>
  (whats.includes('all') ? (['all'] as const) : whats).map((what) => ({ what, format })),
)

export default async function OneDictionary({ params }: Props) {
  const loaded = await loadDictionary((await params).id)
  const { row } = loaded
  const { dictionary, evaluations, tokens, suite, leftOut, ...choice } = await dictionaryPage(webDatabase(), row)
  const { jobs, harvests, hasModel } = choice
  const summary = dictionary.features?.status === 'finished' ? dictionary.features.summary : null
  return (
    <Page
      crumbs={dictionaryCrumbs(loaded)}
      title={row.name}
      actions={<DictionaryActions id={row.id} exports={summary ? EXPORTS : []} />}
      wide
    >
      <div className="flex flex-col gap-4">
        <div className="grid gap-4 max-md:order-1 md:grid-cols-2 xl:grid-cols-3">
          <Origin dictionary={dictionary} />
          <Quality dictionary={dictionary} running={jobs.evaluate} harvests={harvests} />
          {summary && <Density summary={summary} />}
        </div>
        {tokens && (
          <div className="grid gap-4 max-md:order-2 md:grid-cols-2 xl:grid-cols-3">
            <AgainstCrossEntropy tokens={tokens} dictionary={row} />
            <AgainstNorm
              sample={tokens}
              r={tokens.l0NormCorrelation}
              of="held-out tokens of the newest evaluation"
              engine={tokens.engine}
            />
          </div>
        )}
        {summary ? (
          <Features dictionary={row.id} features={summary.features} />
        ) : (
          <NoStatistics dictionary={row} running={jobs.statistics} hasModel={hasModel} harvests={harvests} />
        )}
        <div className="flex flex-col gap-4 max-md:order-2">
          <Suite
            dictionary={row}
            results={suite}
            running={jobs.suite}
            hasModel={hasModel}
            harvests={harvests}
            leftOut={leftOut}
          />
          <Evaluations evaluations={evaluations} />
        </div>
      </div>
    </Page>
  )
}
