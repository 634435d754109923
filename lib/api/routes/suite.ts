/** Results of the suite, and the job that measures it. */
import { z } from 'zod'
import { requireDictionary } from '../../dictionaries/rows'
import { startSuite } from '../../evaluations/start'
import { suiteResults } from '../../evaluations/view'
import { defineRoute } from '../route'
import { DictionaryParams } from '../../base/fields'
import { SuiteOptions, SuiteRecord } from '../../evaluations/schema'

const tag = 'dictionaries'

const results = defineRoute({
  method: 'GET',
  path: '/dictionaries/{id}/suite',
  summary: 'Sparse probing, absorption, influence and the core figures, with their definitions',
  tag,
  params: DictionaryParams,
  response: z.strictObject({
    results: z.array(SuiteRecord).describe('The newest result of each part that was measured'),
  }),
  async handler({ params }, { database }) {
    return { results: await suiteResults(database, await requireDictionary(database, params.id)) }
  },
})

const start = defineRoute({
  method: 'POST',
  path: '/dictionaries/{id}/suite',
  summary: 'Start the suite, or some of its parts',
  description:
    'Puts a job into the queue, or returns the unfinished job with the same options. Only the command line accepts labelled files.',
  tag,
  params: DictionaryParams,
  // A path would point into the server's disk.
  body: SuiteOptions.omit({ labelled: true }),
  response: z.strictObject({ job: z.uuid().describe('Follow it at /api/v1/jobs/{id}') }),
  example: () => ({ body: { suite: ['influence'], features: 50, contexts: 16 } }),
  async handler({ params, body }, { database }) {
    return { job: await startSuite(database, await requireDictionary(database, params.id), body) }
  },
})

export const suiteRoutes = [results, start]
