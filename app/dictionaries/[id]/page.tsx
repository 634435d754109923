import type { Metadata } from 'next'
import { Density } from '../../../components/dictionary/Density'
import { DictionaryActions } from '../../../components/dictionary/DictionaryActions'
import { Evaluations } from '../../../components/dictionary/Evaluations'
import { Features } from '../../../components/dictionary/Features'
import { harvestChoices } from '../../../components/dictionary/harvestChoices'
import { dictionaryCrumbs, loadDictionary } from '../../../components/dictionary/load'
import { NoStatistics } from '../../../components/dictionary/NoStatistics'
import { Origin, Quality } from '../../../components/dictionary/Quality'
import { jobOn, runningJobs } from '../../../components/dictionary/running'
import { Suite } from '../../../components/dictionary/Suite'
import { AgainstCrossEntropy, AgainstNorm } from '../../../components/runs/TokenClouds'
import { Page } from '../../../components/shell/Page'
import { dictionarySummary } from '../../../lib/dictionarySummaries'
import { listEvaluations } from '../../../lib/evaluations'
import { FEATURE_FORMATS } from '../../../lib/featureExport/registry'
import { unfitParts } from '../../../lib/suite'
import { suiteResults } from '../../../lib/suiteResults'
import { newestTokenSample } from '../../../lib/tokenSamples'
import { webDatabase } from '../../../lib/web/resources'

interface Props {
  params: Promise<{ id: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { row } = await loadDictionary((await params).id)
  return { title: row.name }
}

/** Neuronpedia's files make sense together; the tables are offered one by one. */
const EXPORTS = FEATURE_FORMATS.flatMap(({ name: format, whats }) =>
  (whats.includes('all') ? (['all'] as const) : whats).map((what) => ({ what, format })),
)

export default async function OneDictionary({ params }: Props) {
  const loaded = await loadDictionary((await params).id)
  const { row } = loaded
  const database = webDatabase()
  const [dictionary, evaluations, tokens, suite, jobs, harvests] = await Promise.all([
    dictionarySummary(database, row),
    listEvaluations(database, row),
    newestTokenSample(database, row.id),
    suiteResults(database, row),
    runningJobs(),
    harvestChoices(row),
  ])
  const counting = jobOn(jobs, row.id, 'dashboards')
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
          <Quality dictionary={dictionary} running={jobOn(jobs, row.id, 'evaluate')} harvests={harvests} />
          {summary && <Density summary={summary} />}
        </div>
        {tokens && (
          <div className="grid gap-4 max-md:order-2 md:grid-cols-2 xl:grid-cols-3">
            <AgainstCrossEntropy tokens={tokens} dictionary={row} />
            <AgainstNorm
              sample={tokens}
              r={tokens.l0NormCorrelation}
              of={`held-out tokens of the newest evaluation, ${tokens.engine}`}
            />
          </div>
        )}
        {summary ? (
          <Features dictionary={row.id} features={summary.features} />
        ) : (
          <NoStatistics dictionary={row} running={counting} isTied={row.modelId !== null} harvests={harvests} />
        )}
        <div className="flex flex-col gap-4 max-md:order-2">
          <Suite
            dictionary={row}
            results={suite}
            running={jobOn(jobs, row.id, 'suite')}
            isTied={row.modelId !== null}
            harvests={harvests}
            leftOut={unfitParts(row)}
          />
          <Evaluations evaluations={evaluations} />
        </div>
      </div>
    </Page>
  )
}
