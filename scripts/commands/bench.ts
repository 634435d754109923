/** `loupe bench`: trains on synthetic data with known directions, and reports how many were recovered. */
import { writeFile } from 'node:fs/promises'
import { z } from 'zod'
import { LoupeError } from '../../trainer/errors'
import {
  knownDirectionsArchitectures,
  requireKnownDirections,
  trainOnKnownDirections,
  type KnownDirectionsResult,
} from '../../trainer/evaluate/knownDirections'
import { ENGINE_NAMES } from '../../trainer/sae/engines/names'
import { resolveTrainConfig } from '../../trainer/sae/architectures'
import { syntheticData, SyntheticSpec } from '../../trainer/sae/training/synthetic'
import { defineCommand } from '../cli/command'
import { formatTable } from '../cli/table'

const HELD_OUT = 50_000

const { d_in, directions, meanActive, seed: dataSeed, ...shape } = SyntheticSpec.shape

export const benchSynthetic = defineCommand({
  options: z.strictObject({
    architecture: z
      .string()
      .default('topk,mutual-choice')
      .describe(`kinds of sparse autoencoder, with commas; known: ${knownDirectionsArchitectures().join(', ')}`),
    seeds: z
      .int()
      .positive()
      .max(100)
      .default(3)
      .describe('runs of each, with seeds 0, 1, …; data and order are paired'),
    d_in,
    directions,
    meanActive,
    ...shape,
    samples: z.int().positive().max(100_000_000).default(400_000).describe('training samples'),
    passes: z.number().positive().default(1).describe('passes over the samples'),
    d_sae: z.int().positive().default(512).describe('number of latents'),
    k: z.int().positive().default(5).describe('mean number of active latents per sample'),
    batchSize: z.int().positive().default(256).describe('samples per step'),
    settings: z
      .string()
      .optional()
      .describe(
        'further settings of the run as JSON, e.g. {"learningRate":0.003}; by default the settings of every run',
      ),
    dataSeed: dataSeed.describe('seed of the directions and samples'),
    out: z.string().optional().describe('file for the results as JSON'),
    engine: z.enum(ENGINE_NAMES).default('auto').describe('what computes the steps'),
  }),
  async run({ options }, context) {
    const { architecture, seeds, samples, passes, d_sae, k, batchSize, settings, dataSeed, out, engine, ...recipe } =
      options
    const spec = { ...recipe, seed: dataSeed }
    const base = { d_in: spec.d_in, d_sae, k, batchSize, tokens: Math.round(samples * passes), ...parsed(settings) }
    const names = architecture.split(',').map((name) => name.trim())
    const configs = names.flatMap((name) => {
      requireKnownDirections(name)
      return Array.from({ length: seeds }, (_, seed) => resolveTrainConfig({ architecture: name, ...base, seed }))
    })
    const backend = await context.backend()
    const data = { train: syntheticData(spec, samples), heldOut: syntheticData(spec, HELD_OUT, 'held out') }
    const rows: Row[] = []
    for (const config of configs) {
      const stage = context.terminal.stage(`${config.architecture} ${config.seed}`, 'samples')
      const result = await trainOnKnownDirections(config, data, { stage, engine }).finally(() => stage.end())
      rows.push({ architecture: config.architecture, seed: config.seed, ...result })
    }
    const results = { recipe: spec, samples, heldOut: HELD_OUT, settings: base, fingerprint: backend.fingerprint, rows }
    if (out) await writeFile(out, `${JSON.stringify(results, null, 2)}\n`)
    return results
  },
  render: ({ rows, fingerprint, heldOut }) => {
    const header = [
      'architecture',
      'seed',
      'unexplained',
      'L0',
      'by training rule',
      'mean max cosine',
      'found',
      'dead',
      'L0 ~ active',
      'lr',
      'samples/s',
    ]
    const steps = rows.map((row) => [row.architecture, String(row.seed), ...cells(row)])
    return `${formatTable(header, steps)}\non ${heldOut} held-out samples, ${fingerprint}`
  },
})

interface Row extends KnownDirectionsResult {
  architecture: string
  seed: number
}

function cells(row: Row): string[] {
  const share = (value: number) => `${(100 * value).toFixed(1)} %`
  return [
    row.nmse.toFixed(4),
    row.l0.toFixed(2),
    `${row.training.nmse.toFixed(4)} at ${row.training.l0.toFixed(2)}`,
    row.meanMaxCosine.toFixed(4),
    share(row.found),
    share(row.deadShare),
    row.countCorrelation?.toFixed(2) ?? '–',
    row.learningRate.toExponential(1),
    Math.round(row.samplesPerSecond).toString(),
  ]
}

function parsed(settings: string | undefined): Record<string, unknown> {
  if (settings === undefined) return {}
  const refused = (problem: string) =>
    new LoupeError('bad-usage', `--settings: ${problem}`, {
      remedy: 'write a JSON object, e.g. {"learningRate":0.003}',
    })
  try {
    const value: unknown = JSON.parse(settings)
    if (value === null || typeof value !== 'object' || Array.isArray(value)) throw refused(`not an object: ${settings}`)
    return value as Record<string, unknown>
  } catch (error) {
    if (error instanceof LoupeError) throw error
    throw refused(`not JSON: ${(error as Error).message}`)
  }
}
