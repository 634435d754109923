/** Encodes texts with dictionaries. */
import { z } from 'zod'
import { EncodeAnswer, EncodeRequest } from '../../compute/protocol'
import { featureFigures } from '../../features/figures'
import { FeatureFigures } from '../../features/schema'
import { requireDictionary } from '../../dictionaries/rows'
import { defineRoute } from '../route'

const Dictionary = EncodeAnswer.shape.dictionaries.element.extend({
  figures: z
    .array(FeatureFigures)
    .describe('One entry for every feature in these rows; empty before statistics are computed'),
})

export const encodeRoutes = [
  defineRoute({
    method: 'POST',
    path: '/encode',
    summary: 'Encode a text with dictionaries of one model',
    description:
      'Runs the model on the text up to the dictionaries’ hooks, and returns the strongest features of every token ' +
      'with the figures of these features.',
    tag: 'texts',
    body: EncodeRequest,
    response: EncodeAnswer.extend({ dictionaries: z.array(Dictionary) }),
    timeoutSeconds: 120,
    example: ({ dictionary }) => ({
      body: { text: 'In 1862 the war continued', dictionaries: [dictionary], top: 4 },
    }),
    async handler({ body }, { database, compute, client, signal }) {
      const answer = await compute().encode(body, { client, signal })
      const dictionaries = await Promise.all(
        answer.dictionaries.map(async (dictionary) => {
          const requested = answer.features.filter((each) => [dictionary.id, dictionary.name].includes(each.dictionary))
          const features = new Set([...dictionary.rows.flat(), ...requested].map(({ feature }) => feature))
          const row = await requireDictionary(database, dictionary.id)
          return { ...dictionary, figures: await featureFigures(database, row, [...features]) }
        }),
      )
      return { ...answer, dictionaries }
    },
  }),
]
