/** Dictionaries: what there is, measuring them, exporting their features. */
import { z } from 'zod'
import { DashboardsOptions, EvaluationOptions, startDashboards, startEvaluation } from '../../evaluations/start'
import { requireDictionary } from '../../dictionaries/rows'
import { dictionarySummaries, dictionarySummary } from '../../dictionaries/view'
import { EXPORT_WHATS, FEATURE_FORMAT_NAMES } from '../../exports/registry'
import { exportStream } from '../../exports/stream'
import { defineRoute } from '../route'
import { DictionarySummary } from '../../dictionaries/schema'
import { DictionaryParams } from '../../base/fields'
import { StreamAnswer } from '../stream'

const tag = 'dictionaries'
/** A dictionary of a million features takes its time. */
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
  summary: 'What a dictionary is, how good it is, and what is known of its features',
  tag,
  params: DictionaryParams,
  response: DictionarySummary,
  async handler({ params }, { database }) {
    return dictionarySummary(database, await requireDictionary(database, params.id))
  },
})

const dashboards = defineRoute({
  method: 'POST',
  path: '/dictionaries/{id}/dashboards',
  summary: 'Start the statistics of all features',
  description: 'Puts a job into the queue; one that is at work on the same thing already is given instead.',
  tag,
  params: DictionaryParams,
  body: DashboardsOptions,
  response: Started,
  async handler({ params, body }, { database }) {
    return { job: await startDashboards(database, await requireDictionary(database, params.id), body) }
  },
})

const evaluate = defineRoute({
  method: 'POST',
  path: '/dictionaries/{id}/evaluate',
  summary: 'Start an evaluation',
  description: 'Puts a job into the queue; one that is at work on the same thing already is given instead.',
  tag,
  params: DictionaryParams,
  body: EvaluationOptions,
  response: Started,
  async handler({ params, body }, { database }) {
    return { job: await startEvaluation(database, await requireDictionary(database, params.id), body) }
  },
})

const exported = defineRoute({
  method: 'GET',
  path: '/dictionaries/{id}/export',
  summary: 'Download features, activations or labels as one file',
  description: 'Rows are read as fast as they are taken; nothing is kept in memory or on the server’s disk.',
  tag,
  params: DictionaryParams,
  query: z.strictObject({
    what: z.enum(EXPORT_WHATS).optional().describe('Which table; neuronpedia holds all of them'),
    format: z.enum(FEATURE_FORMAT_NAMES).describe('How it is written down'),
  }),
  response: z.never(),
  stream: { contentType: 'application/octet-stream', when: 'always; the media type is that of the format' },
  timeoutSeconds: EXPORT_SECONDS,
  async handler({ params, query }, { database, signal }) {
    const dictionary = await requireDictionary(database, params.id)
    const { filename, contentType, stream } = await exportStream(database, dictionary, { ...query, signal })
    return new StreamAnswer(contentType, stream, filename)
  },
})

export const dictionaryRoutes = [list, one, dashboards, evaluate, exported]
