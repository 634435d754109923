/**
 * Measures the speed of a training step, by engine and selection rule: `npx tsx bench/step.ts [--engines tensorflow,reference]
 * [--rules topk,batchtopk,feature-choice,gradient] [--widths 576,768] [--latents 8192] [--steps 16] [--parts] [--json file]`.
 *
 * The bare encoder product is timed between the steps. Exact float32 selection cannot be faster than this product, so the
 * ratio of both compares readings from busy machines. Clipping is on. With dead latents, a tenth of all latents have
 * encoder rows of 0.3 times the usual norm: about half of them are positive on every token, but never among the k largest,
 * so the auxiliary loss has its full work.
 */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { createReferenceEngine } from '../trainer/sae/engines/reference/engine'
import { createTensorflowEngine } from '../trainer/sae/engines/tensorflow/engine'
import { tiedParameters } from '../trainer/sae/architectures/initialise'
import type { EngineSpec, Parameters, TrainEngine } from '../trainer/sae/step/spec'
import { loadBackend } from '../trainer/tensors/backend'
import { createRandom } from '../trainer/tensors/random'
import { attribute, RawTensorFlow, type Attribute, type Handle } from '../trainer/tensors/raw'
import { median } from './median'

const BATCH = 4096
const K = 32
const WARM_UP = 4

const { values: flags } = parseArgs({
  options: {
    engines: { type: 'string', default: 'tensorflow,reference' },
    rules: { type: 'string', default: 'topk' },
    widths: { type: 'string', default: '576,768' },
    latents: { type: 'string', default: '8192' },
    steps: { type: 'string', default: '16' },
    parts: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
})
const D_SAE = Number(flags.latents)

const AVERAGE = { averageFrom: 0, averageDecay: 0.999 }
const RULES: Record<string, EngineSpec['select']> = {
  topk: { rule: 'topk', k: K },
  batchtopk: { rule: 'batchtopk', k: K, ...AVERAGE },
  'feature-choice': {
    rule: 'feature-choice',
    k: K,
    chooseFrom: 0,
    rankEvery: null,
    exponent: 1,
    offset: 0,
    ...AVERAGE,
  },
  gradient: { rule: 'gradient', k: K, beta: 1, normalisation: 'rms', inference: 'no-gradient', ...AVERAGE },
}

interface Row {
  engine: string
  rule: string
  d_in: number
  dead: number
  tokensPerSecond: number
  best: number
  stepMs: number
  productMs: number
  /** Median step over median bare product. */
  ratio: number
}

/** Waits until the device has finished all ops; on the CPU an op has finished when it returns. */
function finish(raw: RawTensorFlow): void {
  raw.tidy(() => raw.read(raw.run('Neg', [raw.scalar(0)])))
}

/** Adds up the time of every op. `--parts` waits for each op, which makes the whole step slower on a GPU. */
class TimedTensorFlow extends RawTensorFlow {
  readonly times = new Map<string, number>()
  private readonly untimed = new RawTensorFlow()

  override runMany(op: string, outputs: number, inputs: readonly Handle[], attributes: readonly Attribute[] = []) {
    const start = performance.now()
    const made = super.runMany(op, outputs, inputs, attributes)
    if (flags.parts) finish(this.untimed)
    const name = `${op} [${(made[0] ?? inputs[0])?.shape.join(', ') ?? ''}]`
    this.times.set(name, (this.times.get(name) ?? 0) + performance.now() - start)
    return made
  }
}

function specOf(rule: string, d_in: number, dead: boolean): EngineSpec {
  return {
    d_in,
    d_out: d_in,
    d_sae: D_SAE,
    inputScale: 1,
    targetScale: 1,
    subtractDecoderBias: true,
    select: RULES[rule]!,
    losses: [
      { part: 'mse', scale: 1 },
      { part: 'aux-k', k: d_in / 2, coefficient: 1 / 32 },
    ],
    deadAfterTokens: dead ? (WARM_UP - 1) * BATCH : 10_000_000,
    optimiser: { beta1: 0.9, beta2: 0.999, epsilon: 6.25e-10, gradientClip: 1, unitNormDecoder: true },
  }
}

function parametersOf(d_in: number, dead: boolean): Parameters {
  const parameters = tiedParameters({ d_in, d_sae: D_SAE, seed: 0 }, { centre: new Float32Array(d_in) })
  const { data } = parameters['W_enc']!
  for (let i = 0; dead && i < d_in; i++) {
    for (let latent = 0; latent < D_SAE; latent += 10) data[i * D_SAE + latent]! *= 0.3
  }
  return parameters
}

function normalRows(d_in: number, seed: string): Float32Array {
  const random = createRandom(seed)
  return Float32Array.from({ length: BATCH * d_in }, () => random.normal())
}

async function measure(name: string, rule: string, d_in: number, dead: boolean, steps: number): Promise<Row> {
  const timed = new TimedTensorFlow()
  const engine: TrainEngine = name === 'reference' ? createReferenceEngine() : createTensorflowEngine(timed)
  await engine.init(specOf(rule, d_in, dead), parametersOf(d_in, dead))
  const batches = Array.from({ length: 4 }, (_, i) => normalRows(d_in, `batch ${i}`))
  const raw = new RawTensorFlow()
  const product = raw.tidy(() => ({
    x: raw.floats(batches[0]!, [BATCH, d_in]),
    W: raw.floats(parametersOf(d_in, false)['W_dec']!.data, [D_SAE, d_in]),
  }))
  const stepMs: number[] = []
  const productMs: number[] = []
  let deadLatents = 0
  for (let step = -WARM_UP; step < steps; step++) {
    if (step === 0) timed.times.clear()
    const x = batches[(step + WARM_UP) % batches.length]!
    const start = performance.now()
    const gradient = rule === 'gradient' ? { gradient: batches[0]! } : {}
    const metrics = await engine.step({ x, ...gradient }, { learningRate: 1e-4, readMetrics: (step + 1) % 10 === 0 })
    finish(raw)
    const middle = performance.now()
    raw.free(raw.run('MatMul', [product.x, product.W], [attribute.bool('transpose_b', true)]))
    finish(raw)
    if (step >= 0) {
      stepMs.push(middle - start)
      productMs.push(performance.now() - middle)
    }
    deadLatents = metrics?.deadLatents ?? deadLatents
  }
  raw.free(product.x, product.W)
  engine.dispose()
  if (flags.parts && name === 'tensorflow') printParts(timed, steps)
  return {
    engine: name,
    rule,
    d_in,
    dead: deadLatents,
    tokensPerSecond: Math.round((BATCH / median(stepMs)) * 1000),
    best: Math.round((BATCH / Math.min(...stepMs)) * 1000),
    stepMs: Number(median(stepMs).toPrecision(3)),
    productMs: Number(median(productMs).toPrecision(3)),
    ratio: Number((median(stepMs) / median(productMs)).toFixed(2)),
  }
}

function printParts({ times }: TimedTensorFlow, steps: number): void {
  const parts = [...times].map(([name, ms]): [string, number] => [name, ms / steps]).sort((a, b) => b[1] - a[1])
  for (const [name, ms] of parts.slice(0, 24)) console.log(`${ms.toFixed(1).padStart(9)} ms  ${name}`)
}

const backend = await loadBackend()
const rows: Row[] = []
for (const name of flags.engines.split(',')) {
  for (const d_in of flags.widths.split(',').map(Number)) {
    for (const dead of [false, true]) {
      for (const rule of flags.rules.split(',')) {
        const steps = name === 'reference' ? Math.min(6, Number(flags.steps)) : Number(flags.steps)
        rows.push(await measure(name, rule, d_in, dead, steps))
        console.log(JSON.stringify(rows.at(-1)))
      }
    }
  }
}
console.log(`\nd_sae ${D_SAE}, k ${K}, batch ${BATCH}, ${backend.fingerprint}`)
console.table(rows)
if (flags.json) await writeFile(flags.json, `${JSON.stringify({ backend: backend.fingerprint, rows }, null, 2)}\n`)
