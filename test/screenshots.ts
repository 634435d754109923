/**
 * Pictures of every page of a running workbench at two widths and in both themes, for docs/images:
 * `npm run screenshots -- http://127.0.0.1:3000 [run,sweep,compare]`.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { places } from '../app/places'
import { createApi } from '../lib/api/client/client'
import { openBrowser } from './support/browser'
import { findExampleThings } from './support/exampleThings'

const FOLDER = fileURLToPath(new URL('../docs/images', import.meta.url))
const WIDTHS = [1280, 390]
const THEMES = ['light', 'dark'] as const
const TEXT = 'The Constitution of the United States was signed at Philadelphia in 1787.'

/** What a person would do on a page before looking, by the name of its picture. */
const BEFORE: Readonly<Record<string, (page: Page) => Promise<void>>> = { feature: typeOwnText, steer }

async function typeOwnText(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: /your own text/i }).fill(TEXT)
  await page.waitForTimeout(3000)
}

async function steer(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^run/i }).click()
  await page.getByRole('button', { name: /^keep/i }).and(page.locator(':enabled')).waitFor({ timeout: 180_000 })
}

interface Shot {
  /** `http://127.0.0.1:3000/runs` */
  address: string
  picture: string
  width: number
  theme: (typeof THEMES)[number]
}

async function take(browser: Browser, { address, picture, width, theme }: Shot) {
  const context = await browser.newContext({ viewport: { width, height: width < 600 ? 844 : 900 }, colorScheme: theme })
  const page = await context.newPage()
  await page.goto(address, { waitUntil: 'load' })
  await page.waitForTimeout(1500)
  await BEFORE[picture]?.(page)
  const path = join(FOLDER, `${picture}-${width}-${theme}.jpg`)
  await page.screenshot({ path, type: 'jpeg', quality: 82 })
  await context.close()
  process.stderr.write(`${path}\n`)
}

const [, , base = 'http://127.0.0.1:3000', names] = process.argv
await mkdir(FOLDER, { recursive: true })
await using opened = await openBrowser()
const wanted = names?.split(',')
const things = await findExampleThings(createApi(base, 'screenshots'), 'Constitution')
for (const { picture, examples } of places) {
  const path = examples(things).at(-1)
  if (path === undefined || (wanted && !wanted.includes(picture))) continue
  const address = base + path
  for (const width of WIDTHS) for (const theme of THEMES) await take(opened.browser, { address, picture, width, theme })
}
