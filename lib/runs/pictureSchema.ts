/** What the API says of a run at its end: densities, single tokens, gradients. */
import { z } from 'zod'
import { ZipfFit } from '../features/statistics'
import { timestamp } from '../base/fields'

const column = (what: string) => z.array(z.number()).describe(what)
const pearson = (of: string) => z.number().nullable().describe(`Pearson’s r of ${of}; null where one does not vary`)

const RuleCounts = z.strictObject({
  l0: z.number().describe('Mean number of active latents per token'),
  deadShare: z.number().describe('Share of latents that fired on none of the tokens'),
})

const Report = z.strictObject({
  tokens: z.int().describe('Held-out tokens that were encoded: all of them'),
  rules: z.strictObject({
    inference: RuleCounts.describe('Each token on its own'),
    training: RuleCounts.nullable().describe('Each batch together; null where the rule is that of inference'),
  }),
  topShare: z.number().nullable().describe('Share of all activity that goes to the 1% of latents that fire most'),
  sample: z
    .strictObject({ l0: column('L0 by the rule of inference'), norm: column('‖x‖ in raw units') })
    .describe('Up to 2,000 held-out tokens'),
  l0NormCorrelation: pearson('L0 and norm over the sample'),
  gradient: z
    .strictObject({
      tokens: z.int().optional().describe('Of one held-out batch, on which it was counted; absent in older reports'),
      swapRate: z.number().describe('|selected with the gradient \\ TopK| / k'),
      pairs: z.strictObject({
        activation: column('In scaled units'),
        effect: column('|dLoss/dx · decoder row|'),
        swapped: z.array(z.boolean()).describe('Whether only the gradient selected it'),
      }),
    })
    .nullable()
    .describe('Of dictionaries that rank by gradients'),
})

const Density = z.strictObject({
  source: z.enum(['run', 'features']).describe('Held-out tokens at the end of the run, or feature statistics'),
  tokens: z.number().describe('Tokens counted'),
  latents: z.int().describe('All latents'),
  live: z.int().describe('Those that fire at least once'),
  histogram: z.strictObject({
    edges: column('Bounds of the bins: log10 of the share of tokens'),
    counts: column('Live latents in each bin; the first one holds still rarer ones too'),
  }),
  byRank: z
    .strictObject({ rank: column('From 1, the densest'), density: column('Share of tokens') })
    .describe('Live latents, thinned to about 300, evenly on a logarithmic axis'),
  fit: ZipfFit,
  fitDoubt: z.string().nullable().describe('Why there is no fit, or why it says little; null for one to be believed'),
})

const Tokens = z.strictObject({
  l0: column('Latents that are on'),
  norm: column('‖x‖ in raw units'),
  crossEntropy: column('−log p of the next token by the untouched model, nats'),
  l0CrossEntropyCorrelation: pearson('L0 and cross-entropy'),
  l0NormCorrelation: pearson('L0 and norm'),
  engine: z.string().describe('Library, device, instruction sets and threads that computed it'),
  measuredAt: timestamp('When'),
})

export const RunPictureAnswer = z.strictObject({
  report: Report.nullable().describe('On all held-out tokens; null before the end, and for older runs'),
  density: Density.nullable().describe('How often latents fire; null where nothing was counted'),
  tokens: Tokens.nullable().describe('Up to 2,000 held-out tokens of the newest evaluation of its dictionary'),
})
