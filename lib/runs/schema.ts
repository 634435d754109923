/** What the API says of training runs. */
import { z } from 'zod'
import { METRICS } from '../../trainer/evaluate/metrics'
import { RunParent } from './rows'
import { JobReference, timestamp, Named, Status, workers } from '../base/fields'

const figure = (what: string) => z.number().nullable().optional().describe(what)

/** Fields beyond these are left out: older runs may hold others. */
const TrainingFigures = z
  .object({
    loss: figure('Objective of one batch, in scaled units'),
    parts: z.record(z.string(), z.number().nullable()).optional().describe('Parts of the loss, weighted as in it'),
    l0: figure('Mean number of active latents per token'),
    explainedVariance: figure('1 − Σ‖x − x̂‖² / Σ‖x − mean x‖² over the batch'),
    deadLatents: figure('Latents that have not fired for deadAfterTokens tokens'),
    dyingLatents: figure(
      'Latents that are not dead but fire less than tau times what a Zipf law expects at their rank',
    ),
    gradientNorm: figure('Norm of all gradients together, before clipping'),
    selection: z
      .record(z.string(), z.number().nullable())
      .optional()
      .describe(
        'Single numbers that the selection rule carries from step to step, e.g. its threshold; in scaled units',
      ),
    losses: z
      .record(z.string(), z.number().nullable())
      .optional()
      .describe('Single numbers that parts of the loss carry, e.g. a coefficient that is adapted'),
    learningRate: figure('Of this step'),
    tokensPerSecond: figure('Since the record before'),
  })
  .describe('Of one training batch')

const heldOut = [
  ...(['tokens', 'l0', 'mse', 'explainedVariance', 'nmse'] as const),
  ...(['cosine', 'l2Ratio', 'reconstructionBias', 'deadShare'] as const),
]

const figuresOf = <Name extends keyof typeof METRICS>(names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, figure(`${METRICS[name].label}: ${METRICS[name].formula}`)])) as Record<
    Name,
    ReturnType<typeof figure>
  >

const HeldOutFigures = z
  .object({
    ...figuresOf(heldOut),
    byTraining: z
      .object(figuresOf(['l0', 'explainedVariance', 'nmse', 'deadShare']))
      .optional()
      .describe('By the rule of training, a batch selected together; absent where it is the rule of inference'),
  })
  .describe('Of held-out tokens, by the rule of inference: each token on its own')

const Figures = z.object({ training: TrainingFigures.optional(), heldOut: HeldOutFigures.optional() })

export const RunSummary = z.strictObject({
  id: z.string().describe('Id'),
  name: z.string().describe('Name of the run, and of the dictionary it makes'),
  harvest: z.strictObject({
    ...Named.shape,
    hook: z.string().describe('Where the activations were taken'),
    model: Named,
  }),
  architecture: z.string().describe('Kind of sparse autoencoder'),
  seed: z.int().describe('Seed'),
  config: z.record(z.string(), z.unknown()).describe('Every setting, defaults filled in'),
  engine: z.string().describe('What computes the steps; auto until a worker has taken the run'),
  device: z.string().describe('cpu or cuda; empty until a worker has taken the run'),
  status: Status,
  step: z.int().describe('Steps taken'),
  steps: z.int().describe('Steps in all'),
  metrics: Figures.nullable().describe('The newest figures'),
  error: z
    .strictObject({ code: z.string().describe('Kind of error'), message: z.string().describe('What happened') })
    .nullable()
    .describe('Why it failed'),
  tokensPerSecond: z.number().nullable().describe('Mean over the newest records'),
  secondsLeft: z.number().nullable().describe('While it is worked on'),
  job: JobReference.nullable(),
  dictionary: Named.nullable().describe('What it made'),
  sweep: Named.nullable().describe('The sweep it is part of'),
  createdAt: timestamp('When it was asked for'),
  finishedAt: timestamp('When it ended').nullable(),
})

export const RunDetail = z.strictObject({
  ...RunSummary.shape,
  checkpoints: z
    .array(
      z.strictObject({
        id: z.string().describe('Id'),
        step: z.int().describe('Steps taken when it was stored'),
        bytes: z.number().describe('Size'),
        kept: z.boolean().describe('Whether it stays when newer ones come'),
        best: z.boolean().describe('Whether it is the best of its run by held-out explained variance'),
        metrics: HeldOutFigures.nullable().describe('Held-out figures, where they were taken at this step'),
        createdAt: timestamp('When it was stored'),
      }),
    )
    .describe('From which it goes on when it was interrupted, and from which others can begin; newest first'),
  parent: RunParent.nullable().describe('The checkpoint it was begun from'),
  holdsOut: z.boolean().describe('Whether its harvest holds tokens out, on which it is measured'),
  settings: z
    .record(z.string(), z.unknown())
    .describe('The settings it was given, those that are so by default left out'),
  command: z.string().describe('Line of the command line that trains the same weights again, under another name'),
})

export const RunPoint = z.strictObject({
  step: z.int().describe('Steps taken'),
  tokens: z.number().describe('Training tokens so far'),
  metrics: Figures,
})

export const RunList = z.strictObject({ runs: z.array(RunSummary).describe('Newest first'), workers })
export const RunAnswer = z.strictObject({ run: RunDetail, workers })
