/**
 * A steered answer through the compute server: time to the first token, tokens per second, and what KL costs.
 *
 *   npx tsx bench/compute.ts [DICTIONARY] [--repeats 7] [--tokens 48] [--prompt 32] [--sweep 0.5,1,2]
 *
 * The server runs in this process; the client asks it over loopback HTTP, as the web process does. The model is in
 * memory when the first reading begins. Prints one JSON object; times are medians with quartiles.
 */
import { randomBytes } from 'node:crypto'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { computeClient } from '../lib/compute/client'
import { startCompute } from '../lib/compute/server'
import { openDatabase } from '../lib/db/client'
import { requireDictionary, requireTied } from '../lib/dictionaries'
import { requireModelById } from '../lib/models'
import { pickFeature } from '../lib/steering'
import { loadBackend } from '../trainer/tensors/backend'

/** Enough words for any prompt; it is cut to the tokens asked for. */
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
const model = await requireModelById(database, requireTied(dictionary).modelId)
const feature = await pickFeature(database, dictionary)
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
const readings: Record<string, object> = {}
for (const [name, rest] of Object.entries(variants)) readings[name] = await readVariant(rest)
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
const asked = { model: model.name, dictionary: dictionary.name, promptTokens: Number(values.prompt), sweep }
console.log(
  JSON.stringify({ machine, ...asked, maxTokens: Number(values.tokens), readings, encodeMs: encode }, null, 2),
)

/** Finds by halving a text of just that many tokens. */
async function promptOf(tokens: number): Promise<string> {
  let [low, high] = [1, TEXT.length]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const { tokens: found } = await client.encode({
      text: TEXT.slice(0, middle),
      dictionaries: [dictionary.name],
      top: 1,
    })
    if (found.length < tokens) low = middle + 1
    else high = middle
  }
  return TEXT.slice(0, low)
}

async function readVariant(rest: object): Promise<object> {
  const [first, steered, rate]: number[][] = [[], [], []]
  let rows = 0
  for (let repeat = -1; repeat < Number(values.repeats); repeat++) {
    const edit = {
      dictionary: dictionary.name,
      feature: feature.index,
      mode: 'add' as const,
      strength: feature.maxActivation,
    }
    const sampling = { maxTokens: Number(values.tokens), seed: Math.max(0, repeat) }
    const began = performance.now()
    const seen: number[] = []
    for await (const frame of client.steer({ model: model.name, prompt, edits: [edit], sampling, ...rest })) {
      if (frame.type === 'start') rows = frame.branches.length
      if (frame.type === 'token') seen.push(performance.now() - began)
    }
    // The first reading warms up.
    if (repeat < 0) continue
    first!.push(seen[0]!)
    steered!.push(seen[1]!)
    rate!.push(((seen.length - rows) / (seen.at(-1)! - seen[0]!)) * 1000)
  }
  return {
    branches: rows,
    firstTokenMs: quartiles(first!),
    firstSteeredTokenMs: quartiles(steered!),
    tokensPerSecond: quartiles(rate!),
  }
}

async function readMany(step: () => Promise<void>): Promise<number[]> {
  const times: number[] = []
  for (let repeat = 0; repeat < Number(values.repeats); repeat++) {
    const began = performance.now()
    await step()
    times.push(performance.now() - began)
  }
  return quartiles(times)
}

function quartiles(readings: number[]): number[] {
  const sorted = [...readings].sort((a, b) => a - b)
  return [0.25, 0.5, 0.75].map((share) => Number(sorted[Math.round(share * (sorted.length - 1))]!.toFixed(1)))
}
