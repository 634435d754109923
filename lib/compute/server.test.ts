import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertHarvest } from '../../test/support/harvest'
import { testDatabase, type TestDatabase } from '../../test/support/database'
import type { LoupeError } from '../../trainer/errors'
import { loadModel } from '../../trainer/model/load/loadModel'
import { tinyDictionary } from '../../trainer/steering/tiny.testing'
import { currentBackend } from '../../trainer/tensors/backend'
import { storeDictionary } from '../dictionaries/weights'
import { computeClient, type AskOptions, type ComputeClient } from './client'
import type { SteeringFrame } from '../steering/schema'
import type { EncodeRequest } from './protocol'
import { startCompute, type ComputeServer } from './server'
import { addTiny, TINY_HOOK } from './tiny.testing'

const TOKEN = 'secret'
let database: TestDatabase
let tiny: Awaited<ReturnType<typeof addTiny>>
let server: ComputeServer
let client: ComputeClient
const log: string[] = []

const start = () => startCompute({ database, engine: 'tests', token: TOKEN, port: 0, log: (line) => log.push(line) })

beforeAll(async () => {
  database = await testDatabase()
  tiny = await addTiny(database)
  server = await start()
  client = computeClient({ url: server.url, token: TOKEN })
})

afterAll(async () => {
  await server.close()
  await tiny[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

const edit = { dictionary: 'd', feature: 5, mode: 'add', strength: 20 } as const
const steering = (sampling: object = {}, rest: object = {}) => ({
  model: 'tiny',
  prompt: 'abcde',
  edits: [edit],
  sampling: { temperature: 0.8, maxTokens: 6, seed: 3, ...sampling },
  ...rest,
})
const LONG = { maxTokens: 4000 }

async function all(intervention: object, options?: AskOptions, from = client): Promise<SteeringFrame[]> {
  const frames = []
  for await (const frame of from.steer(intervention as ReturnType<typeof steering>, options)) frames.push(frame)
  return frames
}

async function drained(stream: AsyncIterable<unknown>): Promise<number> {
  let count = 0
  for await (const frame of stream) if (frame) count += 1
  return count
}

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.fail('accepted'),
    (error: unknown) => error as LoupeError,
  )

/** A request with any content. */
function raw(method: string, path: string, body: string, headers = {}): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${server.url}${path}`, {
      method,
      agent: false,
      headers: { authorization: `Bearer ${TOKEN}`, ...headers },
    })
    sent.once('error', reject).once('response', (response) => {
      let text = ''
      response.on('data', (chunk) => (text += chunk))
      response.once('end', () => resolve({ status: response.statusCode!, text }))
    })
    sent.end(body)
  })
}

async function untilIdle(within = 2000): Promise<void> {
  const deadline = performance.now() + within
  while (server.health().active + server.health().waiting > 0) {
    if (performance.now() > deadline) expect.fail(`still at work: ${JSON.stringify(server.health())}`)
    await sleep(5)
  }
}

describe('steering', () => {
  it('sends one frame for each token, and ends with the answers', async () => {
    const frames = await all(steering({}, { sweep: [0, 1], details: { alternatives: 3, kl: true } }))
    expect(frames.map(({ type }) => type)).toEqual(['start', ...Array<string>(18).fill('token'), 'end'])
    expect(frames[0]).toMatchObject({ engine: currentBackend().fingerprint, device: currentBackend().device })
    const { answers } = frames.at(-1) as Extract<SteeringFrame, { type: 'end' }>
    expect(answers.map(({ branch }) => branch)).toEqual(['default', 'steered ×0', 'steered ×1'])
    expect(answers[1]!.text).toBe(answers[0]!.text)
    expect(answers[2]!.text).not.toBe(answers[0]!.text)
    const again = (await all(steering({}, { sweep: [0, 1] }))).at(-1) as typeof frames extends (infer F)[] ? F : never
    expect(again).toMatchObject({ answers })
    expect(server.health()).toMatchObject({ models: ['tiny'], active: 0, waiting: 0, engine: 'tests' })
    expect(await client.health()).toMatchObject({ models: ['tiny'] })
  })

  it('accepts dictionaries and models by id', async () => {
    const byId = { model: tiny.modelId, edits: [{ ...edit, dictionary: tiny.dictionaryId }] }
    expect((await all(steering({}, byId))).slice(0, -1)).toEqual((await all(steering())).slice(0, -1))
  })

  it('is refused with what is wrong', async () => {
    const wrong = (rest: object, sampling = {}) => refusal(all(steering(sampling, rest)))
    expect(await wrong({ model: 'tony' })).toMatchObject({
      code: 'not-found',
      remedy: expect.stringMatching(/"tiny"/) as string,
    })
    expect(await wrong({ edits: [{ ...edit, dictionary: 'e' }] })).toMatchObject({ code: 'not-found' })
    expect(await wrong({ edits: [{ ...edit, feature: 64 }] })).toMatchObject({ message: 'there is no feature 64' })
    expect(await wrong({ promt: 'x' })).toMatchObject({ code: 'bad-input', message: /did you mean "prompt"/ })
    expect(await wrong({ prompt: 'x'.repeat(2049) })).toMatchObject({ code: 'too-large', message: /2049 .* 2048/ })
    expect(await wrong({ edits: [{ ...edit, strength: 1e300 }] })).toMatchObject({ code: 'bad-input' })
    await storeDictionary(database, { name: 'untied', dictionary: tinyDictionary(), origin: 'import', provenance: {} })
    expect(await wrong({ edits: [{ ...edit, dictionary: 'untied' }] })).toMatchObject({ code: 'unsupported' })
    expect(log).toEqual([])
  })
})

describe('encoding', () => {
  const encode = (rest: Partial<EncodeRequest>) => client.encode({ text: 'abcde', dictionaries: ['d'], ...rest })

  it('returns the strongest features of each token, and the requested ones', async () => {
    const answer = await encode({ top: 3, features: [{ dictionary: tiny.dictionaryId, feature: 5 }] })
    expect(answer).toMatchObject({ model: 'tiny', engine: 'tests', counted: [false, true, true, true, true] })
    expect(answer.tokens.map(({ text }) => text)).toEqual([...'abcde'])
    const [found] = answer.dictionaries
    expect(found).toMatchObject({ id: tiny.dictionaryId, name: 'd', hook: TINY_HOOK, l0: 8 })
    const { model } = await loadModel('test/golden/model/tiny/llama')
    const dictionary = tinyDictionary()
    const dense = tf.tidy(() => {
      const ids = Int32Array.from(answer.tokens, ({ id }) => id)
      const value = model.run({ ids, batch: 1, seq: 5 }, { capture: [TINY_HOOK], stopAt: TINY_HOOK }).captured
      return dictionary.encodeDense(tf.reshape(value.get(TINY_HOOK)!, [5, 32]))
    })
    const rows = dense.arraySync()
    tf.dispose(dense)
    model.dispose()
    dictionary.dispose()
    rows.forEach((row, at) => {
      const order = [...row.keys()].sort((a, b) => row[b]! - row[a]!).slice(0, 3)
      expect(found!.rows[at]!.map(({ feature }) => feature)).toEqual(order)
      found!.rows[at]!.forEach(({ feature, value }) => expect(value).toBeCloseTo(row[feature]!, 4))
      expect(answer.features[0]!.values[at]).toBeCloseTo(row[5]!, 4)
    })
  })

  it('does not count attention sinks, by the median norm of the harvest', async () => {
    const layout = { dtype: 'f32', contextSize: 8, d_in: 32, trainShards: 1, shards: 1, contextsPerShard: 1 } as const
    const harvestId = await insertHarvest(database.pool, layout)
    await database.prisma.harvest.update({ where: { id: harvestId }, data: { medianNorm: 1e-3 } })
    const tied = { modelId: tiny.modelId, hook: TINY_HOOK, origin: 'import', provenance: {} } as const
    const row = await storeDictionary(database, { name: 'measured', dictionary: tinyDictionary(), ...tied })
    await database.prisma.featureSet.create({ data: { dictionaryId: row.id, harvestId, tokens: 1, config: {} } })
    const both = { dictionaries: ['d', 'measured'] }
    expect((await encode(both)).counted).toEqual([false, false, false, false, false])
    await database.prisma.harvest.update({ where: { id: harvestId }, data: { medianNorm: 1e3 } })
    expect((await encode(both)).counted).toEqual([false, true, true, true, true])
  })

  it('is refused with what is wrong', async () => {
    const wrong = (rest: object) => refusal(encode(rest))
    expect(await wrong({ text: 'x'.repeat(2049) })).toMatchObject({ code: 'too-large', message: /2049 tokens.* 2048/ })
    expect(await wrong({ text: '' })).toMatchObject({ code: 'bad-input' })
    expect(await wrong({ tops: 3 })).toMatchObject({ code: 'bad-input', message: /tops/ })
    expect(await wrong({ dictionaries: ['nope'] })).toMatchObject({ code: 'not-found' })
    expect(await wrong({ features: [{ dictionary: 'd', feature: 64 }] })).toMatchObject({ code: 'not-found' })
    expect(await wrong({ features: [{ dictionary: 'x', feature: 1 }] })).toMatchObject({ code: 'bad-input' })
    const large = { text: 'x'.repeat(2000), dictionaries: Array(8).fill('d'), top: 64 }
    expect(await wrong(large)).toMatchObject({ code: 'too-large', message: /1024000 features/ })
  })
})

describe('access', () => {
  it('is refused without the token', async () => {
    for (const authorization of ['', 'Bearer', 'Bearer secre', 'Bearer secrets', 'Basic secret']) {
      expect((await raw('GET', '/health', '', { authorization })).status).toBe(401)
    }
    const stranger = computeClient({ url: server.url, token: 'other' })
    expect(await refusal(stranger.health())).toMatchObject({ code: 'unavailable', message: /token/ })
    expect(await refusal(all(steering(), {}, stranger))).toMatchObject({ code: 'unavailable', message: /token/ })
  })

  it('is refused for every other request, without a crash', async () => {
    const bodies: [string, number][] = [
      ['', 400],
      ['{', 400],
      ['null', 400],
      ['[]', 400],
      ['{"model":"tiny","prompt":NaN}', 400],
      ['{"model":"tiny","prompt":"a","edits":[{"hook":"h","vector":[1e999],"mode":"add","strength":1}]}', 400],
      ['{"model":"tiny","prompt":"a","edits":[null]}', 400],
      ['{"model":"tiny","prompt":"a","edits":{"__proto__":[]},"__proto__":{"a":1}}', 400],
      ['{"model":"tiny","prompt":5}', 400],
      ['{"model":"tiny","prompt":"a","sampling":{"maxTokens":1e9}}', 400],
      [`${'['.repeat(100_000)}`, 400],
      [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400],
      [JSON.stringify('x'.repeat(1_100_000)), 413],
      [JSON.stringify('x'.repeat(10_000_000)), 413],
    ]
    for (const [body, status] of bodies) {
      for (const path of ['/steer', '/encode']) {
        const found = await raw('POST', path, body)
        expect([path, body.slice(0, 60), found.status]).toEqual([path, body.slice(0, 60), status])
        expect(Object.keys((JSON.parse(found.text) as { error: object }).error)).toEqual(['code', 'message', 'remedy'])
        expect(found.text).not.toMatch(/ {4}at |node_modules/)
        expect(found.text.length).toBeLessThan(3000)
      }
    }
    for (const path of ['/', '/steer/../health', '/health?x', '//steer'])
      expect((await raw('POST', path, '')).status).toBe(404)
    expect((await raw('GET', '/steer', '')).status).toBe(404)
    expect(log).toEqual([])
  })
})

describe('a client that disconnects', () => {
  it('stops the computation at the next token', async () => {
    const controller = new AbortController()
    const { signal } = controller
    let seen = 0
    const started = performance.now()
    const run = async () => {
      for await (const { type } of client.steer(steering(LONG), { signal }))
        if (type === 'token' && ++seen === 10) controller.abort()
    }
    expect(await refusal(run())).toMatchObject({ code: 'cancelled' })
    const perToken = (performance.now() - started) / seen
    const left = performance.now()
    await untilIdle()
    // Far sooner than the 8000 tokens would take.
    expect(performance.now() - left).toBeLessThan(Math.max(500, 50 * perToken))
    expect(seen).toBeLessThan(200)
  })

  it('stops the computation also when it leaves the loop, and leaves no tensor behind', async () => {
    await all(steering())
    const before = tf.memory().numTensors
    for await (const { type } of client.steer(steering(LONG))) if (type === 'token') break
    await untilIdle()
    expect(tf.memory().numTensors).toBe(before)
  })

  it('leaves the queue', async () => {
    const running = [0, 1].map(() => client.steer(steering(LONG)))
    for (const stream of running) await stream.next()
    const controller = new AbortController()
    const waiting = client.steer(steering(LONG), { signal: controller.signal })
    expect((await waiting.next()).value).toEqual({ type: 'queued', ahead: 1 })
    controller.abort()
    expect(await refusal(waiting.next())).toMatchObject({ code: 'cancelled' })
    while (server.health().waiting > 0) await sleep(5)
    for (const stream of running) await stream.return()
    await untilIdle()
  })
})

describe('many clients', () => {
  it('get their answers, or the advice to try again: fifty streams at once', async () => {
    const holding = [0, 1].map(() => client.steer(steering(LONG), { client: 'holder' }))
    for (const stream of holding) await stream.next()
    const runs = Array.from({ length: 50 }, (_, at) =>
      all(steering({ maxTokens: 2 }), { client: at < 25 ? 'one' : `other ${at}` }).catch((error: unknown) => error),
    )
    // Of the 25 of one client sixteen may wait; the others are 25 clients.
    while (server.health().waiting < 41) await sleep(5)
    for (const stream of holding) await stream.return()
    const results = await Promise.all(runs)
    const busy = results.filter((result) => !Array.isArray(result))
    expect(busy).toHaveLength(9)
    for (const error of busy) expect(error).toMatchObject({ code: 'unavailable', remedy: 'try again in a moment' })
    for (const frames of results) {
      if (Array.isArray(frames)) expect((frames as SteeringFrame[]).at(-1)).toMatchObject({ type: 'end' })
    }
    expect(server.health()).toMatchObject({ active: 0, waiting: 0 })
  })

  it('receive their place in the queue as it changes', async () => {
    const frames = await Promise.all(Array.from({ length: 5 }, (_, at) => all(steering(), { client: `c${at}` })))
    const places = frames.map((own) => own.flatMap((frame) => (frame.type === 'queued' ? [frame.ahead] : [])))
    places.sort((a, b) => a.length - b.length)
    expect(places).toEqual([[], [], [1], [2, 1], [3, 2, 1]])
  })
})

describe('a server that stops', () => {
  it('ends running requests with an error, and the next request waits for the new server', async () => {
    const first = await start()
    const firstClient = computeClient({ url: first.url, token: TOKEN })
    const stream = firstClient.steer(steering(LONG))
    await stream.next()
    const closing = first.close()
    const error = await refusal(drained(stream))
    expect(error).toMatchObject({ code: 'unavailable', message: 'the compute process is ending' })
    await closing
    const waiting = all(steering(), {}, firstClient)
    await sleep(600)
    const second = await startCompute({
      database,
      engine: 'tests',
      token: TOKEN,
      log: () => undefined,
      port: Number(new URL(first.url).port),
    })
    expect((await waiting).at(-1)).toMatchObject({ type: 'end' })
    await second.close()
  })

  it('is unavailable after a while, and the error names the command that starts it', async () => {
    const away = computeClient({ url: 'http://127.0.0.1:9', token: TOKEN, patienceMs: 300 })
    expect(await refusal(all(steering(), {}, away))).toMatchObject({
      code: 'unavailable',
      remedy: 'start it with: npx loupe start',
    })
    const began = performance.now()
    expect(await refusal(away.health())).toMatchObject({ code: 'unavailable' })
    expect(performance.now() - began).toBeLessThan(200)
    const controller = new AbortController()
    const refused = refusal(all(steering(), { signal: controller.signal }, away))
    controller.abort()
    expect(await refused).toMatchObject({ code: 'cancelled' })
  })

  it('refuses a port that is in use', async () => {
    const port = Number(new URL(server.url).port)
    const second = startCompute({ database, engine: '', token: TOKEN, port, log: () => undefined })
    expect(await refusal(second)).toMatchObject({ code: 'unavailable', message: `port ${port} is in use` })
  })
})
