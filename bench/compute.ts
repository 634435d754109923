/**
 * Measures steered answers of the compute server: time to the first token, tokens per second, and the cost of KL.
 *
 *   npx tsx bench/compute.ts [DICTIONARY] [--repeats 7] [--tokens 48] [--prompt 32] [--sweep 0.5,1,2]
 *
 * The server runs in this process. The client uses loopback HTTP, as the web process does. The model is in memory before
 * the first reading. Prints one JSON object; every figure is first quartile, median, third quartile.
 */
import { randomBytes } from 'node:crypto'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { computeClient } from '../lib/compute/client'
import { startCompute } from '../lib/compute/server'
import { openDatabase } from '../lib/db/client'
import { requireDictionary, requireAttached } from '../lib/dictionaries/rows'
import { requireModelById } from '../lib/models/rows'
import { pickFeature } from '../lib/features/pick'
import { loadBackend } from '../trainer/tensors/backend'

/** Long enough for every prompt. It is cut to `--prompt` tokens. */
const TEXT = 'My fellow citizens, the most important thing about our country is the strength of its people. '.repeat(40)

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    repeats: { type: 'string', default: '7' },
    tokens: { type: 'string', default: '48' },
    prompt: { type: 'string', default: '32' },
    sweep: { type: 'string', default: '0.5,1,2' },
  },
})

const backend = await loadBackend()
await using database = await openDatabase()
const newest = await database.prisma.dictionary.findFirst({ orderBy: { createdAt: 'desc' } })
const dictionary = await requireDictionary(database, positionals[0] ?? newest?.name ?? '')
const model = await requireModelById(database, requireAttached(dictionary).modelId)
const picked = await pickFeature(database, dictionary)
const token = randomBytes(16).toString('hex')
const options = { database, engine: backend.fingerprint, token, port: 0, log: console.error }
const server = await startCompute(options)
const client = computeClient({ url: server.url, token })
await server.preload()

const prompt = await promptOf(Number(values.prompt))
const sweep = values.sweep.split(',').map(Number)
const variants = {
  plain: {},
  alternatives: { details: { alternatives: 10 } },
  kl: { details: { kl: true } },
  sweep: { sweep },
  sweepKl: { sweep, details: { kl: true } },
}
const readings = await readVariants()
const encode = await readMany(async () => {
  await client.encode({ text: prompt, dictionaries: [dictionary.name] })
})
await server.close()
const machine = {
  cpu: cpus()[0]?.model,
  threads: availableParallelism(),
  load: loadavg()[0],
  engine: backend.fingerprint,
}
const request = { model: model.name, dictionary: dictionary.name, promptTokens: Number(values.prompt), sweep }
console.log(
  JSON.stringify({ machine, ...request, maxTokens: Number(values.tokens), readings, encodeMs: encode }, null, 2),
)

/** The beginning of TEXT with this number of tokens, found by bisection. */
async function promptOf(tokens: number): Promise<string> {
  let [low, high] = [1, TEXT.length]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const { tokens: encoded } = await client.encode({
      text: TEXT.slice(0, middle),
      dictionaries: [dictionary.name],
      top: 1,
    })
    if (encoded.length < tokens) low = middle + 1
    else high = middle
  }
  return TEXT.slice(0, low)
}

interface Reading {
  firstTokenMs: number
  firstSteeredTokenMs: number
  tokensPerSecond: number
  /** Processor time of all threads, which does not grow on a busy machine. */
  cpuMsToFirst: number
  cpuMsPerStep: number
}

/** The variants take turns, so that other work on the machine affects all of them alike. The first round warms up. */
async function readVariants(): Promise<Record<string, object>> {
  const all = Object.keys(variants).map((name) => ({ name, results: [] as Reading[] }))
  for (let repeat = -1; repeat < Number(values.repeats); repeat++) {
    for (const { name, results } of all) {
      const reading = await readOnce(variants[name as keyof typeof variants], Math.max(0, repeat))
      if (repeat >= 0) results.push(reading)
    }
  }
  const summary = (results: Reading[]) =>
    Object.fromEntries(
      (Object.keys(results[0]!) as (keyof Reading)[]).map((key) => [
        key,
        quartiles(results.map((reading) => reading[key])),
      ]),
    )
  return Object.fromEntries(all.map(({ name, results }) => [name, summary(results)]))
}

async function readOnce(rest: object, seed: number): Promise<Reading> {
  const [feature, strength] = [picked.index, picked.maxActivation]
  const edits = [{ dictionary: dictionary.name, feature, mode: 'add' as const, strength }]
  const sampling = { maxTokens: Number(values.tokens), seed }
  const start = { at: performance.now(), cpu: process.cpuUsage() }
  const arrivals: number[] = []
  let [branches, steps, cpuMsToFirst] = [0, 0, 0]
  for await (const frame of client.steer({ model: model.name, prompt, edits, sampling, ...rest })) {
    if (frame.type === 'start') branches = frame.branches.length
    if (frame.type !== 'token') continue
    if (arrivals.push(performance.now() - start.at) === 1) cpuMsToFirst = cpuMs(start.cpu)
    steps = Math.max(steps, frame.index)
  }
  return {
    firstTokenMs: arrivals[0]!,
    firstSteeredTokenMs: arrivals[1]!,
    tokensPerSecond: ((arrivals.length - branches) / (arrivals.at(-1)! - arrivals[0]!)) * 1000,
    cpuMsToFirst,
    cpuMsPerStep: (cpuMs(start.cpu) - cpuMsToFirst) / steps,
  }
}

function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1000
}

async function readMany(step: () => Promise<void>): Promise<number[]> {
  const times: number[] = []
  for (let repeat = 0; repeat < Number(values.repeats); repeat++) {
    const start = performance.now()
    await step()
    times.push(performance.now() - start)
  }
  return quartiles(times)
}

function quartiles(readings: number[]): number[] {
  const sorted = [...readings].sort((a, b) => a - b)
  return [0.25, 0.5, 0.75].map((share) => Number(sorted[Math.round(share * (sorted.length - 1))]!.toFixed(1)))
}
