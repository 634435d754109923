/** Dictionaries judged beyond reconstruction. */
import { z } from 'zod'
import { requireDictionary } from '../../dictionaries/rows'
import { startSuite, SuiteOptions } from '../../evaluations/suite'
import { suiteResults } from '../../evaluations/suiteResults'
import { defineRoute } from '../route'
import { DictionaryParams } from '../../base/fields'
import { SuiteRecord } from '../../evaluations/schema'

const tag = 'dictionaries'

const results = defineRoute({
  method: 'GET',
  path: '/dictionaries/{id}/suite',
  summary: 'Sparse probing, absorption, influence and the core figures, with their definitions',
  tag,
  params: DictionaryParams,
  response: z.strictObject({ results: z.array(SuiteRecord).describe('The newest of each part that was measured') }),
  async handler({ params }, { database }) {
    return { results: await suiteResults(database, await requireDictionary(database, params.id)) }
  },
})

const start = defineRoute({
  method: 'POST',
  path: '/dictionaries/{id}/suite',
  summary: 'Start the suite, or some of its parts',
  description:
    'Puts a job into the queue; one that is at work on the same thing already is given instead. Labelled files of one’s own are for the command line.',
  tag,
  params: DictionaryParams,
  // A path would be one of the server's disk.
  body: SuiteOptions.omit({ labelled: true }),
  response: z.strictObject({ job: z.uuid().describe('Follow it at /api/v1/jobs/{id}') }),
  async handler({ params, body }, { database }) {
    return { job: await startSuite(database, await requireDictionary(database, params.id), body) }
  },
})

export const suiteRoutes = [results, start]
