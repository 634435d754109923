import { z } from 'zod'
import { EncodeAnswer, EncodeRequest } from '../../compute/protocol'
import { featureFigures, FeatureFigures } from '../../features/figures'
import { requireDictionary } from '../../dictionaries/rows'
import { defineRoute } from '../route'

const Dictionary = EncodeAnswer.shape.dictionaries.element.extend({
  figures: z.array(FeatureFigures).describe('Of every feature in these rows; none before statistics are computed'),
})

export const encodeRoutes = [
  defineRoute({
    method: 'POST',
    path: '/encode',
    summary: 'Encode a text with dictionaries of one model',
    description:
      'Runs the text through the model up to the dictionaries’ hooks and gives the strongest features of every token, ' +
      'with what is known of these features.',
    tag: 'texts',
    body: EncodeRequest,
    response: EncodeAnswer.extend({ dictionaries: z.array(Dictionary) }),
    timeoutSeconds: 120,
    async handler({ body }, { database, compute, client, signal }) {
      const answer = await compute().encode(body, { client, signal })
      const dictionaries = await Promise.all(
        answer.dictionaries.map(async (dictionary) => {
          const found = new Set(dictionary.rows.flat().map(({ feature }) => feature))
          const asked = answer.features.filter((each) => [dictionary.id, dictionary.name].includes(each.dictionary))
          for (const { feature } of asked) found.add(feature)
          const row = await requireDictionary(database, dictionary.id)
          return { ...dictionary, figures: await featureFigures(database, row, [...found]) }
        }),
      )
      return { ...answer, dictionaries }
    },
  }),
]
