/** Labels of features. */
import { z } from 'zod'
import { requireDictionary } from '../../dictionaries/rows'
import { labelHistory, requireFeature, setLabel } from '../../features/labels'
import { defineRoute } from '../route'
import { Label } from '../../features/schema'
import { FeatureParams } from '../../base/fields'

const tag = 'labels'

const history = defineRoute({
  method: 'GET',
  path: '/dictionaries/{id}/features/{index}/labels',
  summary: 'All labels that a feature has had',
  tag,
  params: FeatureParams,
  response: z.strictObject({ labels: z.array(Label).describe('Newest first') }),
  async handler({ params }, { database }) {
    const dictionary = await requireDictionary(database, params.id)
    requireFeature(dictionary, params.index)
    return { labels: await labelHistory(database, dictionary, params.index) }
  },
})

const set = defineRoute({
  method: 'PUT',
  path: '/dictionaries/{id}/features/{index}/label',
  summary: 'Label a feature, or remove its label',
  description: 'Every change is kept in the history.',
  tag,
  params: FeatureParams,
  body: z.strictObject({
    text: z.string().max(2000).describe('One line; the limit is 500 characters; empty to remove the label'),
    author: z.string().max(500).default('local').describe('Who wrote it; the limit is 120 characters'),
  }),
  response: z.strictObject({ label: Label.nullable().describe('The new label; null where it was removed') }),
  example: () => ({ body: { text: 'years in dates' } }),
  async handler({ params, body }, { database }) {
    const dictionary = await requireDictionary(database, params.id)
    return { label: await setLabel(database, dictionary, params.index, body.text, body.author) }
  },
})

export const labelRoutes = [history, set]
