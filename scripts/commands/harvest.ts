import { z } from 'zod'
import { prepareHarvest, requireHarvest } from '../../lib/harvests/rows'
import { harvestKind } from '../../lib/harvests/job'
import { runJob } from '../../lib/jobs/run'
import { CORPUS_NAMES } from '../../trainer/corpus/corpus'
import { ACTIVATION_DTYPES } from '../../trainer/store/dtype'
import { defineCommand } from '../cli/command'
import { openModel } from '../cli/models'

export const harvest = defineCommand({
  options: z.strictObject({
    model: z.string().describe('name of a model (loupe model list)'),
    hook: z.string().describe('where to look, e.g. blocks.9.hook_resid_post'),
    targetHook: z
      .string()
      .optional()
      .describe('also store the values at this later hook: what transcoders reconstruct, e.g. blocks.9.hook_mlp_out'),
    gradients: z
      .boolean()
      .default(false)
      .describe('also store the gradient of the next-token loss at the hook, for gradient dictionaries'),
    corpus: z
      .string()
      .default('sotu')
      .describe(`${CORPUS_NAMES.join(', ')}, a text or JSONL file, or a folder of them`),
    tokens: z
      .int()
      .min(1)
      .default(200_000)
      .describe('how many tokens, a fifth of them from held-out documents; 200k, 1M'),
    context: z.int().min(2).default(128).describe('tokens of one context'),
    dtype: z.enum(ACTIVATION_DTYPES).default('f32').describe('how activations are stored'),
    seed: z.int().default(0).describe('which documents are held out and which intervals are taken'),
    name: z.string().min(1).optional().describe('name of the harvest; by default model, hook, corpus and size'),
  }),
  async run({ options }, context) {
    const database = await context.database()
    const backend = await context.backend()
    const { row, loaded } = await openModel(context, options.model)
    const planning = context.terminal.stage('contexts', 'tokens')
    const { harvest: planned, notes } = await prepareHarvest(database, {
      row,
      loaded,
      backend,
      stage: planning,
      options: { ...options, contextSize: options.context },
    }).finally(() => planning.end())
    loaded.model.dispose()
    for (const note of notes) context.terminal.warn(note)
    const stage = context.terminal.stage('harvest', 'tokens')
    if (planned.status !== 'finished') await runJob(database, backend, harvestKind, { harvest: planned.id }, stage)
    const { name, tokens, shards, excluded, medianNorm } = await requireHarvest(database, planned.id)
    return { harvest: name, tokens, shards, excluded, medianNorm, ...stage.end(), engine: backend.fingerprint }
  },
})
