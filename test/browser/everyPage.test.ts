/** Every page of `app/places.ts`: accessible, without errors, and no wider than the window. */
import AxeBuilder from '@axe-core/playwright'
import pg from 'pg'
import type { BrowserContext, Page } from 'playwright-core'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { places } from '../../app/places'
import { ok } from '../../lib/api/client/client'
import type { SteeringAnswer } from '../../lib/steering/schema'
import { findExampleThings } from '../support/exampleThings'
import { START_MS } from '../support/workbench'
import { openPage, setUpBench } from './bench'

/** The longest name of an engine that a processor can cause: every machine must have room for it. */
const LONGEST_ENGINE =
  'tensorflow 2.21.0 cpu (x64+avx2+fma+avx512f+avx512_vnni+avx512_bf16+amx_tile+amx_bf16+amx_int8, 256 threads, without oneDNN)'

/** Pages that are looked at at the same time: one is examined while another settles. */
const AT_ONCE = 3
/** For requests and pictures that follow the first paint. */
const SETTLE_MS = 1000

/** Pages that ask the compute process, which another test kills. */
const COMPUTES = /^\/(prompt|steer)/

/** Rules that a narrow window and other colours can break; the rest of the document is the same. */
const LOOK = ['color-contrast', 'scrollable-region-focusable', 'button-name', 'link-name', 'label']

const WINDOWS = [
  { viewport: { width: 1280, height: 900 }, colorScheme: 'light', rules: undefined },
  { viewport: { width: 390, height: 844 }, colorScheme: 'dark', rules: LOOK },
] as const

const bench = setUpBench()
let addresses: string[]

beforeAll(async () => {
  await Promise.all([startSweep(), bench.workbench.withCompute(keepAnswer)])
  await plantLongNames()
  const things = await findExampleThings(bench.workbench.api, 'states')
  addresses = places.flatMap(({ route, examples }) => {
    const found = examples(things)
    if (found.length === 0) throw new Error(`there is no example of ${route}`)
    return found
  })
}, START_MS)

/** A finished sweep of two small runs. */
async function startSweep(): Promise<void> {
  const { api } = bench.workbench
  const { harvests } = await ok(api.GET('/api/v1/harvests'))
  const base = { architecture: 'topk', d_sae: 128, tokens: 2048, batchSize: 256 }
  const body = { harvest: harvests[0]!.id, name: 'every page', base, grid: { k: [4, 8] } }
  const { sweep } = await ok(api.POST('/api/v1/sweeps', { body }))
  const params = { path: { id: sweep.id } }
  // `expect.poll` works only inside a test.
  await vi.waitFor(
    async () => expect((await ok(api.GET('/api/v1/sweeps/{id}', { params }))).sweep.runs.finished).toBe(2),
    { timeout: 240_000, interval: 500 },
  )
}

async function keepAnswer(): Promise<void> {
  const { api } = bench.workbench
  const sampling = { maxTokens: 4, temperature: 0 }
  const intervention = { model: 'smollm2-135m-instruct', prompt: 'The people', sampling }
  const answer = (await ok(api.POST('/api/v1/steer', { body: intervention }))) as SteeringAnswer
  await ok(api.POST('/api/v1/generations', { body: { intervention, answer } }))
}

/** Gives finished work the longest name of an engine, as another machine would have. */
async function plantLongNames(): Promise<void> {
  const client = new pg.Client({ connectionString: await bench.workbench.databaseUrl() })
  await client.connect()
  try {
    await client.query('UPDATE evaluation SET engine = $1', [LONGEST_ENGINE])
    await client.query('UPDATE generation SET engine = $1', [LONGEST_ENGINE])
    await client.query(`UPDATE harvest SET provenance = jsonb_set(provenance, '{engine}', to_jsonb($1::text))`, [
      LONGEST_ENGINE,
    ])
    await client.query(`UPDATE job SET engine = $1 WHERE status = 'finished'`, [LONGEST_ENGINE])
  } finally {
    await client.end()
  }
}

/** How wide the page is, and which element reaches furthest to the right without being cut off. Runs in the browser. */
function widestElement(): { width: number; widest: string } {
  const isClipped = (element: Element): boolean => {
    const parent = element.parentElement
    return !!parent && (getComputedStyle(parent).overflowX !== 'visible' || isClipped(parent))
  }
  let [edge, widest] = [0, '']
  for (const element of document.body.querySelectorAll('*')) {
    const { right } = element.getBoundingClientRect()
    if (right > edge && !isClipped(element)) [edge, widest] = [right, element.outerHTML.slice(0, 160)]
  }
  return { width: document.documentElement.scrollWidth, widest }
}

async function faultsOf(page: Page, path: string, width: number, rules?: readonly string[]): Promise<string[]> {
  await page.goto(path, { waitUntil: 'load' })
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.waitForTimeout(SETTLE_MS)
  const axe = new AxeBuilder({ page })
  const { violations } = await (rules ? axe.withRules([...rules]) : axe).analyze()
  const measured = await page.evaluate(widestElement)
  return [
    ...violations.map(({ id, nodes }) => `${path}: ${id} at ${nodes[0]!.html.slice(0, 160)}`),
    ...(measured.width > width ? [`${path}: ${measured.width} px wide, by ${measured.widest}`] : []),
  ]
}

/** Takes addresses from the list until none is left. */
async function visit(context: BrowserContext, left: string[], width: number, rules?: readonly string[]) {
  const faults: string[] = []
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  for (let next = left.shift(); next !== undefined; next = left.shift()) {
    const address = next

    const visited = () => faultsOf(page, address, width, rules)
    faults.push(...(await (COMPUTES.test(address) ? bench.workbench.withCompute(visited) : visited())))
    faults.push(...errors.splice(0).map((error) => `${address}: ${error}`))
  }
  return faults
}

describe('every page', () => {
  it.each(WINDOWS)(
    'is free of accessibility faults and errors, and fits: $viewport.width px, $colorScheme',
    async ({ rules, ...window }) => {
      const context = await bench.browser.newContext({ baseURL: bench.workbench.url, ...window })
      const left = [...addresses]
      const { width } = window.viewport
      const faults = await Promise.all(Array.from({ length: AT_ONCE }, () => visit(context, left, width, rules)))
      await context.close()
      expect(faults.flat()).toEqual([])
    },
    300_000,
  )

  it('shows the short name of an engine', async () => {
    const address = addresses.find((path) => /^\/steer\/[0-9a-f-]{36}$/.test(path))!
    await using opened = await openPage(bench, address)
    expect(await opened.page.locator('main').innerText()).not.toContain('avx512_bf16')
  })

  it('answers for what is not there', async () => {
    for (const path of [
      '/dictionaries/none',
      '/dictionaries/none/features/0',
      '/runs/none',
      '/sweeps/none',
      '/compare?a=none',
      '/jobs/none',
      '/nowhere',
    ]) {
      const response = await fetch(bench.workbench.url + path)
      expect([path, response.status]).toEqual([path, 404])
    }
  })
})
