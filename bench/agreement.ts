/**
 * Compares a device with the reference engine, and with a second run on the same device, for every architecture:
 *
 *   npx tsx bench/agreement.ts [--steps 10] [--d-in 64] [--d-sae 512] [--batch 256] [--k 8] [--architectures topk,relu]
 *                              [--reference wasm|cpu|none] [--json file]
 *
 * The tensorflow engine runs twice on the device that TensorFlow uses. The reference engine runs once on WebAssembly (or
 * plain JavaScript). All start from the same weights and read the same batches. The output is ‖a − b‖ / ‖b‖, the largest
 * over all trained tensors: of the gradients of the first step, and of the weights after the last step.
 */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { calibrate } from '../trainer/sae/architectures/calibrate'
import { createReferenceEngine } from '../trainer/sae/engines/reference/engine'
import { createTensorflowEngine } from '../trainer/sae/engines/tensorflow/engine'
import { architectureNamed, architectureNames, configFrom, type TrainConfig } from '../trainer/sae/architectures'
import { learningRateAt } from '../trainer/sae/architectures/schedule'
import type { Parameters, StepInput, TrainEngine } from '../trainer/sae/step/spec'
import { loadBackend } from '../trainer/tensors/backend'
import { createRandom } from '../trainer/tensors/random'

const { values: flags } = parseArgs({
  options: {
    steps: { type: 'string', default: '10' },
    'd-in': { type: 'string', default: '64' },
    'd-sae': { type: 'string', default: '512' },
    batch: { type: 'string', default: '256' },
    k: { type: 'string', default: '8' },
    architectures: { type: 'string', default: architectureNames().join(',') },
    reference: { type: 'string', default: 'wasm' },
    json: { type: 'string' },
  },
})
const [steps, d_in, d_sae, batchSize, k] = [flags.steps, flags['d-in'], flags['d-sae'], flags.batch, flags.k].map(
  Number,
) as [number, number, number, number, number]

/** The result of a run: first moments after one step, which are proportional to the gradients, and the last weights. */
interface Outcome {
  moments: Parameters
  weights: Parameters
  explainedVariance: number
}

interface Row {
  architecture: string
  /** Differences from the reference engine; absent without it. */
  gradients?: number
  weights?: number
  explainedVariance: number
  /** Difference of the weights of two runs. */
  repeated: 'identical' | number
}

/** Latents can be dead from the fourth step on. */
function configOf(architecture: string): TrainConfig {
  const sizes = { d_in, d_out: d_in, d_sae, k, tokens: steps * batchSize, batchSize, deadAfterTokens: 3 * batchSize }
  return configFrom(architecture, sizes)
}

const batches = Array.from({ length: Math.min(steps, 4) }, (_, i) => {
  const rows = (name: string) => {
    const random = createRandom(`${name} ${i}`)
    return Float32Array.from({ length: batchSize * d_in }, () => random.normal())
  }
  return { x: rows('x'), target: rows('target'), gradient: rows('gradient') }
})

function inputAt(step: number, architecture: string): StepInput {
  const { needs = [] } = architectureNamed(architecture)
  const { x, target, gradient } = batches[step % batches.length]!
  return { x, ...(needs.includes('target') && { target }), ...(needs.includes('gradient') && { gradient }) }
}

async function run(engine: TrainEngine, architecture: string): Promise<Outcome> {
  const config = configOf(architecture)
  const form = architectureNamed(architecture)
  const sample = inputAt(0, architecture)
  const calibration = calibrate(sample, d_in)
  await engine.init(form.spec(config, calibration), form.initialise(config, calibration, sample))
  let [moments, explainedVariance]: [Parameters, number] = [{}, NaN]
  for (let step = 0; step < steps; step++) {
    const learningRate = learningRateAt(step, steps, config)
    const metrics = await engine.step(inputAt(step, architecture), { learningRate, readMetrics: step === steps - 1 })
    if (step === 0) {
      const { tensors } = await engine.state()
      moments = Object.fromEntries(Object.entries(tensors).filter(([name]) => name.startsWith('adam.m.')))
    }
    explainedVariance = metrics?.explainedVariance ?? explainedVariance
  }
  const weights = await engine.params()
  engine.dispose()
  return { moments, weights, explainedVariance }
}

function largestDifference(actual: Parameters, expected: Parameters): number {
  const differences = Object.entries(expected).map(([name, { data }]) => {
    const values = actual[name]!.data
    const squares = data.reduce((sum, value, i) => sum + (values[i]! - value) ** 2, 0)
    const norm = data.reduce((sum, value) => sum + value ** 2, 0)
    return squares === 0 ? 0 : Math.sqrt(squares / norm)
  })
  return differences.reduce((a, b) => Math.max(a, b))
}

const rounded = (value: number) => Number(value.toPrecision(2))

const names = flags.architectures.split(',')
const references = new Map<string, Outcome>()
if (flags.reference !== 'none') {
  await loadBackend(flags.reference as 'cpu' | 'wasm')
  for (const name of names) references.set(name, await run(createReferenceEngine(), name))
}
const backend = await loadBackend('tensorflow')
const rows: Row[] = []
for (const name of names) {
  const [first, second] = [await run(createTensorflowEngine(), name), await run(createTensorflowEngine(), name)]
  const reference = references.get(name)
  const repeated = largestDifference(second.weights, first.weights)
  rows.push({
    architecture: name,
    ...(reference && {
      gradients: rounded(largestDifference(first.moments, reference.moments)),
      weights: rounded(largestDifference(first.weights, reference.weights)),
    }),
    explainedVariance: Number(first.explainedVariance.toFixed(4)),
    repeated: repeated === 0 ? 'identical' : rounded(repeated),
  })
  console.log(JSON.stringify(rows.at(-1)))
}
const sizes = `d_in ${d_in}, d_sae ${d_sae}, k ${k}, batch ${batchSize}, ${steps} steps`
console.log(`\n${sizes}, ${backend.fingerprint}`)
console.table(rows)
if (flags.json)
  await writeFile(flags.json, `${JSON.stringify({ backend: backend.fingerprint, sizes, rows }, null, 2)}\n`)
