/** What a training run is: its settings, figures, checkpoints, and how it is started, listed and shown. */
import { z } from 'zod'
import { METRICS } from '../../trainer/evaluate/metrics'
import { ENGINE_NAMES } from '../../trainer/sae/engines/names'
import { COMPANIONS } from '../../trainer/store/layout'
import type { FieldShape } from '../base/settingsText'
import { Named, Status, timestamp } from '../base/fields'
import { JobReference, workers, type JobDescription } from '../jobs/schema'
import { HarvestSummary } from '../harvests/schema'
import { MemoryTraits } from '../../trainer/sae/architectures/memoryTraits'

/** Every setting of a run, by name. What stands here is in the configuration of every architecture. */
export const RunConfig = z
  .looseObject({
    architecture: z.string().describe('Kind of sparse autoencoder'),
    d_in: z.int().describe('Width of the activations'),
    d_sae: z.int().describe('Number of latents'),
    tokens: z.number().describe('Training tokens in total'),
    batchSize: z.int().describe('Tokens per step'),
  })
  .describe('Every setting, with the defaults filled in')
export type RunConfig = z.output<typeof RunConfig>

/** The checkpoint that a run started from (`run.parent`). */
export const RunParent = z.strictObject({
  run: z.uuid().describe('Id of the run'),
  name: z.string().describe('Name of the run'),
  step: z.int().describe('Step of the checkpoint'),
  sha256: z.string().describe('SHA-256 of its bytes, in hexadecimal'),
})
export type RunParent = z.output<typeof RunParent>

const figure = (what: string) => z.number().nullable().optional().describe(what)
const figuresByName = (what: string) => z.record(z.string(), z.number().nullable()).optional().describe(what)

/** Other fields are dropped: runs of older versions may have stored some. */
const TrainingFigures = z
  .object({
    loss: figure('Loss of one batch, in scaled units'),
    parts: figuresByName('Parts of the loss, with their weights'),
    l0: figure('Mean number of active latents per token'),
    explainedVariance: figure('1 − Σ‖x − x̂‖² / Σ‖x − mean x‖² over the batch'),
    deadLatents: figure('Latents that have not fired for deadAfterTokens tokens'),
    dyingLatents: figure(
      'Latents that are not dead but fire less than tau times the density that a Zipf law expects at their rank',
    ),
    gradientNorm: figure('Norm of all gradients together, before clipping'),
    selection: figuresByName(
      'Single numbers that the selection rule carries from step to step, e.g. its threshold; in scaled units',
    ),
    losses: figuresByName('Single numbers that parts of the loss carry, e.g. a coefficient that is adapted'),
    learningRate: figure('Learning rate of this step'),
    tokensPerSecond: figure('Tokens per second since the previous record'),
  })
  .describe('Figures of one training batch')

const heldOut = [
  ...(['tokens', 'l0', 'mse', 'explainedVariance', 'nmse'] as const),
  ...(['cosine', 'l2Ratio', 'reconstructionBias', 'deadShare'] as const),
]

const figuresOf = <Name extends keyof typeof METRICS>(names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, figure(`${METRICS[name].label}: ${METRICS[name].formula}`)])) as Record<
    Name,
    ReturnType<typeof figure>
  >

export const HeldOutFigures = z
  .object({
    ...figuresOf(heldOut),
    byTraining: z
      .object(figuresOf(['l0', 'explainedVariance', 'nmse', 'deadShare']))
      .optional()
      .describe('By the training rule: a batch selected together. Absent where the two rules are the same'),
  })
  .describe('Figures of held-out tokens, by the inference rule: each token on its own')
export type HeldOutFigures = z.output<typeof HeldOutFigures>

export const RunFigures = z.object({ training: TrainingFigures.optional(), heldOut: HeldOutFigures.optional() })
export type RunFigures = z.output<typeof RunFigures>

export const RunError = z.strictObject({
  code: z.string().describe('Kind of error'),
  message: z.string().describe('What happened'),
})
export type RunError = z.output<typeof RunError>

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
  config: RunConfig,
  engine: z.string().describe('What computes the steps; "auto" until a worker takes the run'),
  device: z.string().describe('cpu or cuda; empty until a worker takes the run'),
  status: Status,
  step: z.int().describe('Steps done'),
  steps: z.int().describe('Steps in total'),
  metrics: RunFigures.nullable().describe('The newest figures; null before the first'),
  error: RunError.nullable().describe('Why it failed'),
  tokensPerSecond: z.number().nullable().describe('Mean over the newest records; null before the first'),
  secondsLeft: z.number().nullable().describe('Null unless a live worker is training the run'),
  job: JobReference.nullable(),
  dictionary: Named.nullable().describe('The dictionary it made'),
  sweep: Named.nullable().describe('The sweep it is part of'),
  createdAt: timestamp('When the run was created'),
  finishedAt: timestamp('When it ended').nullable(),
})
export type RunSummary = z.output<typeof RunSummary>

export const CheckpointSummary = z.strictObject({
  id: z.string().describe('Id'),
  step: z.int().describe('Steps done when it was stored'),
  bytes: z.number().describe('Size in bytes'),
  kept: z.boolean().describe('Whether it stays when newer ones are stored'),
  best: z.boolean().describe('Whether it is the best of its run by held-out explained variance'),
  metrics: HeldOutFigures.nullable().describe('Held-out figures, if they were measured at this step'),
  createdAt: timestamp('When it was stored'),
})
export type CheckpointSummary = z.output<typeof CheckpointSummary>

const settings = z.record(z.string(), z.unknown())

export const RunDetail = z.strictObject({
  ...RunSummary.shape,
  checkpoints: z
    .array(CheckpointSummary)
    .describe('An interrupted run continues from the newest; other runs can start from any of them. Newest first'),
  parent: RunParent.nullable().describe('The checkpoint it started from'),
  holdsOut: z.boolean().describe('Whether its harvest has held-out tokens, on which the run is measured'),
  settings: settings.describe('The settings that differ from their defaults'),
  command: z.string().describe('Command that trains the same weights again, under another name'),
})
export type RunDetail = z.output<typeof RunDetail>

export const RunPoint = z.strictObject({
  step: z.int().describe('Steps done'),
  tokens: z.number().describe('Training tokens so far'),
  metrics: RunFigures.describe('"training" and "heldOut", each if it was measured at this step'),
})
export type RunPoint = z.output<typeof RunPoint>

export const RunList = z.strictObject({ runs: z.array(RunSummary).describe('Newest first'), workers })
export type RunList = z.output<typeof RunList>

export const RunAnswer = z.strictObject({ run: RunDetail, workers })
export type RunAnswer = z.output<typeof RunAnswer>

/** What a request for training holds besides settings. @param name what the name is for, and its longest length */
export const trainingFields = (name: { maxLength: number; description: string }) => ({
  harvest: z.string().min(1).max(300).describe('Name or id of a finished harvest'),
  name: z
    .string()
    .trim()
    .min(1)
    .max(name.maxLength)
    .regex(/^\P{Cc}*$/u, 'one line without control characters')
    .optional()
    .describe(name.description),
  engine: z.enum(ENGINE_NAMES).default('auto').describe('What computes the steps'),
})

/** What a request for a run holds, besides the settings of its architecture. */
export const runRequestFields = {
  ...trainingFields({
    maxLength: 200,
    description: 'Name of the run and of its dictionary. Default: made from the settings',
  }),
  from: z
    .string()
    .min(1)
    .max(300)
    .optional()
    .describe('Start from the weights of a checkpoint: RUN (name or id; its newest), RUN@best or RUN@STEP'),
}

export const StartedRun = z.strictObject({
  run: z.uuid().describe('Id of the run'),
  name: z.string().describe('Name of the run'),
  job: z.uuid().describe('Id of the job that trains it'),
})

/** The result of a finished run, as its job stores it. */
export const TrainedRun = z.strictObject({
  run: z.uuid().describe('Id of the run'),
  dictionary: z.string().describe('Name of the dictionary it made'),
  metrics: z.looseObject({}).describe('Its last figures: "training" and "heldOut"'),
})
export type TrainedRun = z.output<typeof TrainedRun>

/** JSON Schema of one setting. It passes through as it is; forms read what `FieldShape` names. */
const SettingSchema = z.record(z.string(), z.unknown()) as z.ZodType<FieldShape>

/** An architecture as data: forms and descriptions are made from it. */
export const ArchitectureDescription = z.strictObject({
  name: z.string().describe('As in "architecture" of a run'),
  description: z.string().describe('What it is'),
  needs: z.array(z.enum(COMPANIONS)).describe('What the harvest must hold besides the activations'),
  memory: MemoryTraits.describe('What a step needs of memory, for estimates'),
  schema: z
    .strictObject({
      properties: z.record(z.string(), SettingSchema).describe('Each setting: type, bounds, description, default'),
      required: z.array(z.string()).describe('Settings without a default'),
    })
    .describe('JSON Schema of its settings, without the widths, which the harvest decides'),
})
export type ArchitectureDescription = z.output<typeof ArchitectureDescription>

/** What the forms of runs and sweeps choose from. */
export const TrainingChoices = z.strictObject({
  harvests: z.array(HarvestSummary),
  architectures: z.array(ArchitectureDescription),
  engines: z.array(z.string()),
})
export type TrainingChoices = z.output<typeof TrainingChoices>

/** Job `train`, as the queue knows it. */
export const trainJob = {
  name: 'train',
  unit: 'tokens',
  source: 'lib/runs/job.ts',
  schema: z.strictObject({ run: z.uuid().describe('id of the run') }),
  subject: { table: 'run', key: 'run', column: 'id', keepsError: true, makes: 'dictionary' },
} satisfies JobDescription
