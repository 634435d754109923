/**
 * Measures the speed of a language model: harvesting after ten blocks, and greedy decoding.
 *
 *   npx tsx bench/model.ts [--model smollm2-135m-instruct] [--batch 8] [--seconds 20] [--prompt 128] [--rows 1]
 *
 * Harvest: tokens per second of `[batch, 128]` contexts. The pass stops at blocks.9.hook_resid_post and copies the values to
 * the host. Decode: tokens per second after the prompt, through all blocks, the head and the choice of the token. Every
 * reading is a median with its quartiles and with the share of the processor that other programs used at the same time: on
 * a shared machine a figure means little without this share.
 */
import { readFileSync } from 'node:fs'
import { arch, availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { loupeCache } from '../lib/base/config'
import { loadModel } from '../trainer/model/load/loadModel'
import { resolveSource } from '../trainer/model/load/source'
import { Prediction } from '../trainer/model/generate/prediction'
import { sampleToken } from '../trainer/model/generate/sampling'
import type { HookedModel } from '../trainer/model/types'
import { silentStage } from '../trainer/progress'
import { loadBackend } from '../trainer/tensors/backend'
import { createRandom } from '../trainer/tensors/random'

const HOOK = 'blocks.9.hook_resid_post'
const CONTEXT = 128

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'smollm2-135m-instruct' },
    batch: { type: 'string', default: '8' },
    seconds: { type: 'string', default: '20' },
    prompt: { type: 'string', default: '128' },
    rows: { type: 'string', default: '1' },
  },
})
const [batch, seconds, prompt, rows] = [values.batch, values.seconds, values.prompt, values.rows].map(Number) as [
  number,
  number,
  number,
  number,
]

interface Reading {
  /** Tokens per second: quartiles of single steps. */
  quartiles: [number, number, number]
  steps: number
  /** Share of all processors that other programs used at the same time. */
  othersShare: number
}

const backend = await loadBackend()
const path = await resolveSource(values.model, { cacheDir: loupeCache(), stage: silentStage() })
const started = performance.now()
const { model } = await loadModel(path)
const loadSeconds = (performance.now() - started) / 1000
const random = createRandom('bench')

const harvest = readSteps(harvestStep(model), batch * CONTEXT)
const decode = readSteps(decodeStep(model), rows)
const machine = { cpu: cpus()[0]?.model ?? arch(), threads: availableParallelism(), backend: backend.fingerprint }
console.log(JSON.stringify({ machine, model: values.model, loadSeconds, batch, prompt, rows, harvest, decode }))
console.error(`${machine.cpu}, ${machine.threads} threads, ${backend.version}; loaded in ${loadSeconds.toFixed(1)} s`)
console.error(`harvest to ${HOOK}, ${batch} × ${CONTEXT}: ${describe(harvest)}`)
console.error(`decode after ${prompt} tokens, ${rows} row(s): ${describe(decode)}`)
model.dispose()

function randomIds(count: number): Int32Array {
  return Int32Array.from({ length: count }, () => random.int(model.config.d_vocab))
}

function harvestStep(model: HookedModel): () => void {
  const tokens = { ids: randomIds(batch * CONTEXT), batch, seq: CONTEXT }
  return () => {
    const value = model.run(tokens, { capture: [HOOK], stopAt: HOOK }).captured.get(HOOK)!
    value.dataSync()
    value.dispose()
  }
}

function decodeStep(model: HookedModel): () => void {
  const cache = model.newCache(rows)
  let ids = randomIds(rows * prompt)
  return () => {
    const logits = model.run({ ids, batch: rows, seq: ids.length / rows }, { cache, logits: 'last' }).logits!
    const all = logits.dataSync<'float32'>()
    logits.dispose()
    const width = all.length / rows
    const rule = { temperature: 0, topP: 1 }
    ids = Int32Array.from({ length: rows }, (_, row) =>
      sampleToken(new Prediction(all.subarray(row * width, (row + 1) * width)), rule, random),
    )
  }
}

/** Two steps to warm up, then as many as the time allows. */
function readSteps(step: () => void, tokensPerStep: number): Reading {
  step()
  step()
  const speeds: number[] = []
  const before = { cpu: process.cpuUsage(), all: busySeconds(), at: performance.now() }
  while (performance.now() - before.at < seconds * 1000) {
    const at = performance.now()
    step()
    speeds.push((tokensPerStep / (performance.now() - at)) * 1000)
  }
  const cpu = process.cpuUsage(before.cpu)
  const wall = (performance.now() - before.at) / 1000
  const others = busySeconds() - before.all - (cpu.user + cpu.system) / 1e6
  speeds.sort((a, b) => a - b)
  const at = (share: number) => speeds[Math.floor(share * (speeds.length - 1))]!
  return {
    quartiles: [at(0.25), at(0.5), at(0.75)],
    steps: speeds.length,
    othersShare: Math.max(0, others) / (wall * availableParallelism()),
  }
}

/** Busy seconds of all processors since the machine started; NaN if the system does not report them. */
function busySeconds(): number {
  try {
    const [user = 0, nice = 0, system = 0] = readFileSync('/proc/stat', 'utf8')
      .split('\n')[0]!
      .split(/\s+/)
      .slice(1)
      .map(Number)
    return (user + nice + system) / 100
  } catch {
    return NaN
  }
}

function describe({ quartiles, steps, othersShare }: Reading): string {
  const [low, median, high] = quartiles.map((value) => value.toFixed(value < 100 ? 1 : 0))
  return `${median} tok/s (quartiles ${low}–${high}, ${steps} steps, others used ${(100 * othersShare).toFixed(0)}% of the processor)`
}
