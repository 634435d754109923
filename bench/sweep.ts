/**
 * Compares learning rates (or any other setting) over lengths and widths of runs, on synthetic or real activations, by
 * figures of held-out rows. The defaults in `trainer/sae/architectures/schedule.ts` follow from these tables, which are in
 * `bench/sweeps`.
 *
 * npx tsx bench/sweep.ts --json file [--train rows.f32 --held-out rows.f32 --d-in 576] --base '{…}' --grid '{"learningRate":[1e-3,3e-3]}'
 *
 * Without files, the data are synthetic (256 directions in 64 dimensions). Files hold raw float32 rows. Settings are those
 * of `resolveTrainConfig`. `grid` lists values; every combination is trained, and its result is appended to the file.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { ReconstructionMeter } from '../trainer/evaluate/reconstruction'
import { directionsFound } from '../trainer/evaluate/recovery'
import { silentStage } from '../trainer/progress'
import { createEngine } from '../trainer/sae/engines'
import { resolveTrainConfig, type TrainConfig } from '../trainer/sae/architectures'
import type { TrainEngine } from '../trainer/sae/step/spec'
import { rowBatches, SYNTHETIC_DEFAULTS, syntheticData } from '../trainer/sae/training/synthetic'
import { train } from '../trainer/sae/training/train'
import { loadBackend } from '../trainer/tensors/backend'
import { createRandom } from '../trainer/tensors/random'

interface SweepRow {
  data: string
  settings: Record<string, unknown>
  learningRate: number
  steps: number
  heldOut: { explainedVariance: number; deadShare: number }
  /** Of the last training batch. */
  trainExplainedVariance: number
  /** Synthetic data only. */
  meanMaxCosine?: number
  found?: number
  seconds: number
}

interface SweepData {
  name: string
  d_in: number
  train: Float32Array
  heldOut: Float32Array
  directions?: Float32Array
}

const { values: flags } = parseArgs({
  options: {
    json: { type: 'string' },
    train: { type: 'string' },
    'held-out': { type: 'string' },
    'd-in': { type: 'string', default: '64' },
    name: { type: 'string', default: 'synthetic' },
    samples: { type: 'string', default: '400000' },
    base: { type: 'string', default: '{}' },
    grid: { type: 'string', default: '{}' },
  },
})

function loadData(): SweepData {
  const d_in = Number(flags['d-in'])
  if (!flags.train || !flags['held-out']) {
    const { x, directions } = syntheticData(SYNTHETIC_DEFAULTS, Number(flags.samples))
    const heldOut = syntheticData(SYNTHETIC_DEFAULTS, 50_000, 'held out').x
    return { name: flags.name, d_in, train: x, heldOut, directions }
  }
  return { name: flags.name, d_in, train: shuffled(readRows(flags.train), d_in), heldOut: readRows(flags['held-out']) }
}

function readRows(path: string): Float32Array {
  const bytes = readFileSync(path)
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
}

function shuffled(rows: Float32Array, d_in: number): Float32Array {
  const order = createRandom('sweep').permutation(rows.length / d_in)
  const result = new Float32Array(rows.length)
  for (const [to, from] of order.entries()) result.set(rows.subarray(from * d_in, (from + 1) * d_in), to * d_in)
  return result
}

function combinations(grid: Record<string, unknown[]>): Record<string, unknown>[] {
  return Object.entries(grid).reduce<Record<string, unknown>[]>(
    (all, [key, values]) => all.flatMap((settings) => values.map((value) => ({ ...settings, [key]: value }))),
    [{}],
  )
}

async function heldOutFigures(engine: TrainEngine, { heldOut, d_in }: SweepData, d_sae: number) {
  const meter = new ReconstructionMeter(d_in, d_sae)
  const size = 4096 * d_in
  for (let from = 0; from < heldOut.length; from += size) {
    const x = heldOut.slice(from, from + size)
    const codes = await engine.encode(x)
    meter.add(x, await engine.decode(codes), codes)
  }
  const { explainedVariance, deadShare } = meter.figures()
  return { explainedVariance: explainedVariance!, deadShare }
}

async function trainOnce(data: SweepData, config: TrainConfig, settings: Record<string, unknown>): Promise<SweepRow> {
  const engine = createEngine('auto')
  const start = performance.now()
  const { dictionary, metrics } = await train({
    config,
    engine,
    batches: (startRow) => rowBatches(data.train, data.d_in, config.batchSize, startRow),
    stage: silentStage(),
  })
  const seconds = Math.round((performance.now() - start) / 1000)
  const heldOut = await heldOutFigures(engine, data, config.d_sae)
  engine.dispose()
  return {
    data: data.name,
    settings,
    learningRate: config.learningRate,
    steps: metrics.step,
    heldOut,
    trainExplainedVariance: metrics.explainedVariance,
    ...(data.directions && directionsFound(data.directions, dictionary.tensors['W_dec']!.data, data.d_in)),
    seconds,
  }
}

await loadBackend()
const data = loadData()
const base = JSON.parse(flags.base) as Record<string, unknown>
for (const combination of combinations(JSON.parse(flags.grid) as Record<string, unknown[]>)) {
  const settings = { ...base, ...combination }
  const config = resolveTrainConfig({ architecture: 'topk', d_in: data.d_in, ...settings })
  const row = await trainOnce(data, config, settings)
  console.log(JSON.stringify(row))
  if (!flags.json) continue
  const stored = existsSync(flags.json) ? (JSON.parse(readFileSync(flags.json, 'utf8')) as SweepRow[]) : []
  writeFileSync(flags.json, `${JSON.stringify([...stored, row], null, 2)}\n`)
}
