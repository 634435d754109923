/** Dictionaries: the list, the jobs that measure them, the export of their features. */
import { z } from 'zod'
import { EvaluationOptions } from '../../evaluations/schema'
import { startEvaluation } from '../../evaluations/start'
import { StatisticsOptions } from '../../features/schema'
import { startStatistics } from '../../features/start'
import { requireDictionary } from '../../dictionaries/rows'
import { dictionarySummaries, dictionarySummary } from '../../catalog/view'
import { EXPORT_WHATS, FEATURE_FORMAT_NAMES } from '../../exports/formats'
import { exportStream } from '../../exports/stream'
import { defineRoute } from '../route'
import { DictionarySummary } from '../../catalog/schema'
import { DictionaryParams } from '../../base/fields'
import { StreamAnswer } from '../stream'

const tag = 'dictionaries'
/** Enough for a dictionary of a million features. */
const EXPORT_SECONDS = 12 * 60 * 60

const Started = z.strictObject({ job: z.uuid().describe('Follow it at /api/v1/jobs/{id}') })

const list = defineRoute({
  method: 'GET',
  path: '/dictionaries',
  summary: 'List all dictionaries',
  tag,
  response: z.strictObject({ dictionaries: z.array(DictionarySummary).describe('Newest first') }),
  async handler(_input, { database }) {
    return { dictionaries: await dictionarySummaries(database) }
  },
})

const one = defineRoute({
  method: 'GET',
  path: '/dictionaries/{id}',
  summary: 'One dictionary: what it is, how good it is, the state of its feature statistics',
  tag,
  params: DictionaryParams,
  response: DictionarySummary,
  async handler({ params }, { database }) {
    return dictionarySummary(database, await requireDictionary(database, params.id))
  },
})

const statistics = defineRoute({
  method: 'POST',
  path: '/dictionaries/{id}/dashboards',
  summary: 'Start counting the feature statistics',
  description: 'Puts a job into the queue, or returns the unfinished job with the same options.',
  tag,
  params: DictionaryParams,
  body: StatisticsOptions,
  response: Started,
  example: () => ({ body: { tokens: 200_000 } }),
  async handler({ params, body }, { database }) {
    return { job: await startStatistics(database, await requireDictionary(database, params.id), body) }
  },
})

const evaluate = defineRoute({
  method: 'POST',
  path: '/dictionaries/{id}/evaluate',
  summary: 'Start an evaluation',
  description: 'Puts a job into the queue, or returns the unfinished job with the same options.',
  tag,
  params: DictionaryParams,
  body: EvaluationOptions,
  response: Started,
  example: () => ({ body: { tokens: 8192 } }),
  async handler({ params, body }, { database }) {
    return { job: await startEvaluation(database, await requireDictionary(database, params.id), body) }
  },
})

const exported = defineRoute({
  method: 'GET',
  path: '/dictionaries/{id}/export',
  summary: 'Download features, activations or labels as one file',
  description: 'Rows are read as fast as the client reads them; the server stores nothing.',
  tag,
  params: DictionaryParams,
  query: z.strictObject({
    what: z.enum(EXPORT_WHATS).optional().describe('Which table; neuronpedia contains all of them'),
    format: z.enum(FEATURE_FORMAT_NAMES).describe('Format of the file'),
  }),
  response: z.never(),
  stream: { contentType: 'application/octet-stream', when: 'always; the media type is that of the format' },
  timeoutSeconds: EXPORT_SECONDS,
  example: () => ({ query: { what: 'labels', format: 'csv' } }),
  async handler({ params, query }, { database, signal }) {
    const dictionary = await requireDictionary(database, params.id)
    const { filename, contentType, stream } = await exportStream(database, dictionary, { ...query, signal })
    return new StreamAnswer(contentType, stream, filename)
  },
})

export const dictionaryRoutes = [list, one, statistics, evaluate, exported]
