/** What a run shows at its end: densities, single tokens, gradients. */
import { z } from 'zod'
import { MeasuredSample } from '../evaluations/schema'
import { DensityPicture, ZipfFit } from '../features/schema'

const column = (what: string) => z.array(z.number()).describe(what)

const RuleCounts = z.strictObject({
  l0: z.number().describe('Mean number of active latents per token'),
  deadShare: z.number().describe('Share of latents that fired on none of the tokens'),
})

const shownReport = {
  tokens: z.int().describe('Held-out tokens, all of which were encoded'),
  rules: z.strictObject({
    inference: RuleCounts.describe('Each token on its own'),
    training: RuleCounts.nullable().describe('Each batch together; null if this rule is the inference rule'),
  }),
  topShare: z.number().nullable().describe('Share of all activity that goes to the 1% of latents that fire most'),
  sample: z
    .strictObject({ l0: column('L0 by the inference rule'), norm: column('‖x‖ in raw units') })
    .describe('Up to 2,000 held-out tokens'),
  l0NormCorrelation: z
    .number()
    .nullable()
    .describe('Pearson’s r of L0 and norm over the sample; null where one does not vary'),
  gradient: z
    .strictObject({
      tokens: z.int().optional().describe('Tokens of the held-out batch that was counted; absent in older reports'),
      swapRate: z.number().describe('|selected with the gradient \\ TopK| / k'),
      pairs: z.strictObject({
        activation: column('In scaled units'),
        effect: column('|dLoss/dx · decoder row|'),
        swapped: z.array(z.boolean()).describe('Whether only the gradient selected it'),
      }),
    })
    .nullable()
    .describe('Null unless the dictionary ranks by gradients'),
}

/** The report of a run on all held-out tokens, as it is stored. */
export const RunReport = z.strictObject({
  ...shownReport,
  densities: column('[d_sae] share of tokens on which each latent fires, by the inference rule'),
  zipf: ZipfFit.optional().describe('The Zipf law of these densities; absent in older reports'),
})
export type RunReport = z.output<typeof RunReport>

/** The part of a report that lists of dictionaries need. */
export const ReportedCounts = z.strictObject({ ...RuleCounts.shape, tokens: shownReport.tokens })
export type ReportedCounts = z.output<typeof ReportedCounts>

export const RunPicture = z.strictObject({
  report: z
    .strictObject(shownReport)
    .nullable()
    .describe('On all held-out tokens; null before the end, for older runs, and if the harvest has no held-out tokens'),
  density: DensityPicture.nullable().describe('How often latents fire; null where nothing was counted'),
  tokens: MeasuredSample.nullable().describe('Up to 2,000 held-out tokens of the newest evaluation of its dictionary'),
})
export type RunPicture = z.output<typeof RunPicture>
