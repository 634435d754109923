import type { Browser, Page } from 'playwright-core'
import { ok } from '../../lib/api/client/client'
import type { Workbench } from '../support/workbench'

/** What the suites of the workbench share; there once `beforeAll` has run. */
export interface Bench {
  readonly workbench: Workbench
  readonly browser: Browser
}

/** A page in a window of its own; errors that it reports fail the test that asks for them. */
export async function openPage({ browser, workbench }: Bench, path: string, options: object = {}) {
  const context = await browser.newContext({
    baseURL: workbench.url,
    viewport: { width: 1280, height: 900 },
    ...options,
  })
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  await page.goto(path, { waitUntil: 'load' })
  return { page, errors, [Symbol.asyncDispose]: () => context.close() }
}

export async function demoDictionary({ workbench }: Bench) {
  const { dictionaries } = await ok(workbench.api.GET('/api/v1/dictionaries'))
  return dictionaries.find(({ name }) => name === workbench.dictionary)!
}

/** A feature that fires on this word. */
export async function featureOn({ workbench }: Bench, id: string, word: string) {
  const params = { path: { id }, query: { text: word } }
  const { features } = await ok(workbench.api.GET('/api/v1/dictionaries/{id}/search', { params }))
  return features[0]!.index
}

/** Text of everything on the page. */
export const textOf = (page: Page) => page.locator('main').innerText()
