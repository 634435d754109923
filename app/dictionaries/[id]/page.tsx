import type { Metadata } from 'next'
import { Density } from '../../../components/dictionaries/Density'
import { DictionaryActions } from '../../../components/dictionaries/DictionaryActions'
import { Evaluations } from '../../../components/dictionaries/Evaluations'
import { Features } from '../../../components/dictionaries/Features'
import { harvestChoices } from '../../../components/dictionaries/harvestChoices'
import { dictionaryCrumbs, loadDictionary } from '../../../components/dictionaries/load'
import { NoStatistics } from '../../../components/dictionaries/NoStatistics'
import { Origin, Quality } from '../../../components/dictionaries/Quality'
import { jobOn, runningJobs } from '../../../components/dictionaries/running'
import { Suite } from '../../../components/dictionaries/Suite'
import { AgainstCrossEntropy, AgainstNorm } from '../../../components/runs/TokenClouds'
import { Page } from '../../../components/shell/Page'
import { dictionarySummary } from '../../../lib/dictionaries/view'
import { listEvaluations } from '../../../lib/evaluations/view'
import { FEATURE_FORMATS } from '../../../lib/exports/registry'
import { unfitParts } from '../../../lib/evaluations/suite'
import { suiteResults } from '../../../lib/evaluations/suiteResults'
import { newestTokenSample } from '../../../lib/evaluations/tokenSamples'
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
          <NoStatistics dictionary={row} running={counting} hasModel={row.modelId !== null} harvests={harvests} />
        )}
        <div className="flex flex-col gap-4 max-md:order-2">
          <Suite
            dictionary={row}
            results={suite}
            running={jobOn(jobs, row.id, 'suite')}
            hasModel={row.modelId !== null}
            harvests={harvests}
            leftOut={unfitParts(row)}
          />
          <Evaluations evaluations={evaluations} />
        </div>
      </div>
    </Page>
  )
}
