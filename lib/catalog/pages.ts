/** What the pages of dictionaries show: the list, one dictionary, the jobs that measure it, and two side by side. */
import type { Database } from '../db/connect'
import { requireComparable } from '../comparisons/rows'
import { harvestChoices } from '../dictionaries/measured'
import type { DictionaryRow } from '../dictionaries/rows'
import type { EvaluationRecord, MeasuredSample, SuiteRecord } from '../evaluations/schema'
import { unfitParts } from '../evaluations/suite'
import { listEvaluations, newestEvaluation, newestTokenSample, suiteResults } from '../evaluations/view'
import type { JobSummary } from '../jobs/schema'
import { jobSummaries } from '../jobs/view'
import type {
  ComparableOption,
  DictionarySummary,
  ListedDictionary,
  MeasuredDictionary,
  MeasuringJobs,
  RunningJob,
} from './schema'
import { dictionarySummaries, dictionarySummary } from './view'

/** Pages look for unfinished jobs among this many of the newest ones. */
const NEWEST_JOBS = 50

const isOpen = ({ status }: JobSummary) => status === 'pending' || status === 'running'

async function runningJobs(database: Database): Promise<RunningJob[]> {
  const { jobs } = await jobSummaries(database, { limit: NEWEST_JOBS })
  return jobs.filter(isOpen).map(({ id, kind, about }) => ({
    id,
    kind,
    about: (about.run ?? about.dictionary ?? about.harvest)?.name ?? '',
    dictionary: about.dictionary?.id ?? null,
  }))
}

function jobsOn(jobs: readonly RunningJob[], dictionary: string): MeasuringJobs {
  const idOf = (kind: string) => jobs.find((job) => job.dictionary === dictionary && job.kind === kind)?.id
  return { statistics: idOf('dashboards'), evaluate: idOf('evaluate'), suite: idOf('suite') }
}

/** All dictionaries, newest first, and every job that is not over. */
export async function dictionaryList(
  database: Database,
): Promise<{ dictionaries: ListedDictionary[]; jobs: RunningJob[] }> {
  const [dictionaries, jobs] = await Promise.all([dictionarySummaries(database), runningJobs(database)])
  return { dictionaries: dictionaries.map((each) => ({ ...each, jobs: jobsOn(jobs, each.id) })), jobs }
}

/** What a page without statistics needs to start counting them. */
export interface StatisticsChoice {
  /** Whether the dictionary is attached to a model and a hook. */
  hasModel: boolean
  /** Harvests to choose from; undefined where the harvest of the training is known. */
  harvests: { id: string; name: string }[] | undefined
  jobs: MeasuringJobs
}

export async function statisticsChoice(database: Database, row: DictionaryRow): Promise<StatisticsChoice> {
  const [jobs, harvests] = await Promise.all([runningJobs(database), harvestChoices(database, row)])
  return { hasModel: row.modelId !== null, harvests, jobs: jobsOn(jobs, row.id) }
}

export interface DictionaryPage extends StatisticsChoice {
  dictionary: DictionarySummary
  evaluations: EvaluationRecord[]
  /** Single tokens of the newest evaluation. */
  tokens: MeasuredSample | null
  suite: SuiteRecord[]
  /** Parts of the suite that the dictionary cannot be measured by. */
  leftOut: { label: string; why: string }[]
}

export async function dictionaryPage(database: Database, row: DictionaryRow): Promise<DictionaryPage> {
  const [dictionary, evaluations, tokens, suite, choice] = await Promise.all([
    dictionarySummary(database, row),
    listEvaluations(database, row),
    newestTokenSample(database, row.id),
    suiteResults(database, row),
    statisticsChoice(database, row),
  ])
  return { dictionary, evaluations, tokens, suite, leftOut: unfitParts(row), ...choice }
}

/** All dictionaries, for the choice of two to compare. */
export async function comparableOptions(database: Database): Promise<ComparableOption[]> {
  const summaries = await dictionarySummaries(database)
  return summaries.map(({ id, name, model, hook, targetHook, dIn, config }) => ({
    id,
    name,
    model: model?.name ?? null,
    hook,
    targetHook,
    dIn,
    config: { d_out: config['d_out'] },
  }))
}

/**
 * Two dictionaries with all their figures.
 * @throws LoupeError `mismatch` where they cannot be compared
 */
export async function measuredPair(
  database: Database,
  names: { a: string; b: string },
): Promise<{ a: MeasuredDictionary; b: MeasuredDictionary }> {
  const { a, b } = await requireComparable(database, names)
  const measure = async (row: DictionaryRow) => ({
    summary: await dictionarySummary(database, row),
    evaluation: await newestEvaluation(database, row),
  })
  const [first, second] = await Promise.all([measure(a), measure(b)])
  return { a: first, b: second }
}
