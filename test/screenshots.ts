/**
 * Pictures of every page of a running workbench at two widths and in both themes, for docs/images:
 * `npm run screenshots -- http://127.0.0.1:3000 [run,sweep,compare]`.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { createApi, ok, type Api } from '../lib/api/client/client'
import { openBrowser } from './support/browser'

const FOLDER = fileURLToPath(new URL('../docs/images', import.meta.url))
const WIDTHS = [1280, 390]
const THEMES = ['light', 'dark'] as const
const TEXT = 'The Constitution of the United States was signed at Philadelphia in 1787.'

interface Shot {
  name: string
  path: string
  /** What a person would do before looking. */
  before?: (page: Page) => Promise<void>
}

async function shots(api: Api): Promise<Shot[]> {
  const { dictionaries } = await ok(api.GET('/api/v1/dictionaries'))
  const dictionary = dictionaries.find(({ features, targetHook }) => features !== null && targetHook === null)
  if (!dictionary) throw new Error('screenshots need a dictionary to steer, with feature statistics: npm run demo')
  const { id } = dictionary
  const query = { text: 'Constitution' }
  const { features } = await ok(api.GET('/api/v1/dictionaries/{id}/search', { params: { path: { id }, query } }))
  const feature = features[0]?.index ?? 0
  const [runs, jobs, harvests] = await Promise.all([
    ok(api.GET('/api/v1/runs')),
    ok(api.GET('/api/v1/jobs')),
    ok(api.GET('/api/v1/harvests')),
  ])
  const run = runs.runs.find(({ dictionary: made }) => made?.id === id) ?? runs.runs[0]!
  return [
    { name: 'dictionaries', path: '/' },
    { name: 'dictionary', path: `/dictionaries/${id}` },
    { name: 'feature', path: `/dictionaries/${id}/features/${feature}`, before: (page) => typeOwnText(page) },
    { name: 'prompt', path: `/prompt?dictionaries=${id}&pin=${id}:${feature}&text=${encodeURIComponent(TEXT)}` },
    { name: 'steer', path: `/steer?dictionary=${id}&feature=${feature}`, before: (page) => steer(page) },
    { name: 'runs', path: '/runs' },
    { name: 'run', path: `/runs/${run.id}` },
    { name: 'run-new', path: '/runs/new' },
    ...(await sweepShots(api)),
    { name: 'jobs', path: '/jobs' },
    { name: 'job', path: `/jobs/${jobs.jobs[0]!.id}` },
    { name: 'harvests', path: '/harvests' },
    { name: 'harvest', path: `/harvests/${harvests.harvests[0]!.id}` },
    { name: 'api', path: '/docs/api' },
  ]
}

/** The newest sweep with its form filled in, and two of its dictionaries side by side. */
async function sweepShots(api: Api): Promise<Shot[]> {
  const { sweeps } = await ok(api.GET('/api/v1/sweeps'))
  const newest = sweeps.find(({ runs }) => runs.finished > 1) ?? sweeps[0]
  const form = '/sweeps/new?d_sae=2304,4608&k=16,32,64&tokens=1M'
  const always = [
    { name: 'sweeps', path: '/sweeps' },
    { name: 'sweep-new', path: form },
  ]
  if (!newest) return always
  const { sweep } = await ok(api.GET('/api/v1/sweeps/{id}', { params: { path: { id: newest.id } } }))
  const [a, b] = sweep.members.flatMap(({ dictionary }) => dictionary?.id ?? [])
  return [
    ...always,
    { name: 'sweep', path: `/sweeps/${newest.id}` },
    ...(a && b ? [{ name: 'compare', path: `/compare?a=${a}&b=${b}` }] : []),
  ]
}

async function typeOwnText(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: /your own text/i }).fill(TEXT)
  await page.waitForTimeout(3000)
}

async function steer(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^run/i }).click()
  await page.getByRole('button', { name: /^keep/i }).and(page.locator(':enabled')).waitFor({ timeout: 180_000 })
}

async function take(browser: Browser, base: string, shot: Shot, width: number, theme: (typeof THEMES)[number]) {
  const context = await browser.newContext({ viewport: { width, height: width < 600 ? 844 : 900 }, colorScheme: theme })
  const page = await context.newPage()
  await page.goto(base + shot.path, { waitUntil: 'load' })
  await page.waitForTimeout(1500)
  await shot.before?.(page)
  const path = join(FOLDER, `${shot.name}-${width}-${theme}.jpg`)
  await page.screenshot({ path, type: 'jpeg', quality: 82 })
  await context.close()
  process.stderr.write(`${path}\n`)
}

const [, , base = 'http://127.0.0.1:3000', names] = process.argv
await mkdir(FOLDER, { recursive: true })
await using opened = await openBrowser()
const wanted = names?.split(',')
for (const shot of await shots(createApi(base, 'screenshots'))) {
  if (wanted && !wanted.includes(shot.name)) continue
  for (const width of WIDTHS) for (const theme of THEMES) await take(opened.browser, base, shot, width, theme)
}
