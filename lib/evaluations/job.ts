/** Job `evaluate`: how well a dictionary reconstructs, and what the model loses with its reconstruction spliced in. */
import { z } from 'zod'
import type { Stage } from '../../trainer/progress'
import { openMeasured } from '../dictionaries/measured'
import { defineJobKind } from '../jobs/kind'
import { loadModel } from '../models/load'
import { requireModelById } from '../models/rows'
import { coreFigures } from './core'
import { CoreMetrics } from './kinds'
import { storeEvaluations } from './rows'
import { evaluateJob } from './schema'

const Part = z.strictObject({})

export const evaluateKind = defineJobKind({
  ...evaluateJob,
  part: Part,
  plan: ({ tokens }) => Promise.resolve([{ spec: {}, total: tokens }]),

  async run(spec, _part, context) {
    const { database } = context
    const { dictionary, layout, modelId, hook, writes } = await openMeasured(database, spec)
    const quiet: Stage = { ...context.stage, report: () => undefined }
    const { model } = await loadModel(database, await requireModelById(database, modelId), quiet)
    try {
      const figures = await coreFigures(context, { ...spec, dictionary, layout, model, hook, writes })
      return { ...figures, includeExcluded: spec.includeExcluded }
    } finally {
      model.dispose()
      dictionary.dispose()
    }
  },

  async finish(spec, [measured = {}], { database, backend }) {
    const { sample, ...metrics } = CoreMetrics.parse(measured)
    await storeEvaluations(database, [
      {
        dictionaryId: spec.dictionary,
        kind: 'core',
        config: spec,
        metrics: { ...metrics, sample },
        engine: backend.fingerprint,
        device: backend.device,
      },
    ])
    return { metrics, engine: backend.fingerprint }
  },
})
