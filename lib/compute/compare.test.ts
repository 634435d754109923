import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { testDatabase, type TestDatabase } from '../../test/support/database'
import { Dictionary } from '../../trainer/sae/dictionary/dictionary'
import { tinyDictionary } from '../../trainer/steering/tiny.testing'
import { createRandom } from '../../trainer/tensors/random'
import { ErrorBody } from '../base/errorBody'
import { dispatch } from '../api/dispatch'
import { compareRoutes } from '../api/routes/compare'
import type { Comparison } from '../comparisons/schema'
import { requireComparable, storedComparison } from '../comparisons/rows'
import { storeDictionary } from '../dictionaries/weights'
import { computeClient, type ComputeClient } from './client'
import { startCompute, type ComputeServer } from './server'
import { addTiny, TINY_HOOK } from './tiny.testing'

const TOKEN = 'secret'
const WIDTH = 32
let database: TestDatabase
let tiny: Awaited<ReturnType<typeof addTiny>>
let server: ComputeServer
let client: ComputeClient
/** Feature i of the copy is feature `order[i]` of the dictionary, the last four of them turned away. */
const order = createRandom('order').permutation(64)
const TURNED = 4

beforeAll(async () => {
  database = await testDatabase()
  tiny = await addTiny(database)
  server = await startCompute({ database, engine: 'tests', token: TOKEN, port: 0, log: () => undefined })
  client = computeClient({ url: server.url, token: TOKEN })
  const store = (name: string, dictionary: Dictionary, hook: string) =>
    storeDictionary(database, { name, dictionary, origin: 'import', modelId: tiny.modelId, hook, provenance: {} })
  await store('copy', permuted(tinyDictionary()), TINY_HOOK)
  await store('elsewhere', tinyDictionary(), 'blocks.0.hook_resid_post')
  const another = { ...tinyDictionary().config, d_out: WIDTH, apply_b_dec_to_input: false }
  for (const targetHook of ['blocks.0.hook_mlp_out', 'blocks.1.hook_mlp_out']) {
    const tie = { origin: 'import', modelId: tiny.modelId, hook: TINY_HOOK, targetHook, provenance: {} } as const
    const transcoder = Dictionary.create(another, tinyDictionary().tensors)
    await storeDictionary(database, { name: `to ${targetHook}`, dictionary: transcoder, ...tie })
  }
  await storeDictionary(database, { name: 'narrow', dictionary: narrow(), origin: 'import', provenance: {} })
})

afterAll(async () => {
  await server.close()
  await tiny[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

function permuted({ config, tensors }: Dictionary): Dictionary {
  const W_dec = { shape: [64, WIDTH], data: new Float32Array(64 * WIDTH) }
  const random = createRandom('turned')
  for (const [to, from] of order.entries()) {
    const row = tensors['W_dec']!.data.subarray(from * WIDTH, (from + 1) * WIDTH)
    const turned = to >= 64 - TURNED
    W_dec.data.set(
      row.map((value) => (turned ? random.normal() : 3 * value)),
      to * WIDTH,
    )
  }
  return Dictionary.create(config, { ...tensors, W_dec })
}

function narrow(): Dictionary {
  const zeros = (...shape: number[]) => ({ shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) })
  const config = {
    architecture: 'topk',
    d_in: 8,
    d_sae: 4,
    activation: { kind: 'topk' as const, k: 1 },
    apply_b_dec_to_input: true,
  }
  return Dictionary.create(config, { W_enc: zeros(8, 4), W_dec: zeros(4, 8), b_enc: zeros(4), b_dec: zeros(8) })
}

async function ask(
  query: Record<string, string | number>,
): Promise<{ status: number; body: z.output<typeof Comparison> }> {
  const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))
  const request = new Request(`http://127.0.0.1/api/v1/compare?${search.toString()}`, {
    headers: { host: '127.0.0.1' },
  })
  const answer = await dispatch(request, compareRoutes, () => ({ database, compute: () => client }))
  return { status: answer.status, body: (await answer.json()) as z.output<typeof Comparison> }
}

describe('a comparison', () => {
  it('finds the permutation of a copy, and the features without a counterpart', async () => {
    const { status, body } = await ask({ a: 'd', b: 'copy', threshold: 0.9 })
    expect(status).toBe(200)
    expect(body).toMatchObject({ threshold: 0.9, mutual: 60, engine: 'tests', a: { name: 'd', features: 64 } })
    const same = body.pairs.filter(({ cosine }) => cosine > 0.999)
    expect(same).toHaveLength(60)
    for (const { a, b } of same) expect(a).toBe(order[b])
    expect(body.b.unmatched.map(({ feature }) => feature).sort()).toEqual([60, 61, 62, 63])
    expect(body.a.unmatched.map(({ feature }) => feature).sort()).toEqual([...order.slice(60)].sort())
    for (const side of [body.a, body.b]) {
      expect(side.matched).toBe(60)
      expect(side.histogram.reduce((sum, count) => sum + count, 0)).toBe(64)
      expect(side.histogram.at(-1)).toBe(60)
    }
  })

  it('is computed once, and read in both directions', async () => {
    const { ofA } = (await storedComparison(database, await requireComparable(database, { a: 'd', b: 'copy' })))!
    const { body } = await ask({ a: 'copy', b: 'd', threshold: 1, limit: 2 })
    expect(body.b.meanCosine).toBeCloseTo(ofA.cosine.reduce((sum, each) => sum + each, 0) / 64)
    expect(body.a).toMatchObject({ name: 'copy' })
    expect(body.pairs).toHaveLength(2)
    expect(await database.prisma.evaluation.count({ where: { kind: 'compare' } })).toBe(1)
  })

  it('is refused for dictionaries with different inputs, and the error names the difference', async () => {
    expect(await ask({ a: 'd', b: 'none' })).toMatchObject({ status: 404 })
    expect(await ask({ a: 'd' })).toMatchObject({ status: 400 })
    const refusal = async (b: string) => {
      const { status, body } = await ask({ a: 'd', b })
      return `${status} ${ErrorBody.parse(body).error.message}`
    }
    expect(await refusal('narrow')).toMatch(/^409 .*activations differs: 32 of d, 8 of narrow/)
    expect(await refusal('elsewhere')).toMatch(
      /^409 .*hook differs: blocks.1.hook_resid_post of d, blocks.0.hook_resid/,
    )
    // The same hook and width, but different targets.
    const [first, second] = ['to blocks.0.hook_mlp_out', 'to blocks.1.hook_mlp_out']
    expect(await refusal(first)).toMatch(/^409 .*what they reconstruct differs: what it reads of d, another hook of to/)
    const pair = requireComparable(database, { a: first, b: second })
    await expect(pair).rejects.toThrow(/the hook they write differs: blocks.0.hook_mlp_out .* blocks.1.hook_mlp_out/)
  })
})
