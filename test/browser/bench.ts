/** What the browser tests share: the workbench of the test run, and a browser for each file. */
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { ok } from '../../lib/api/client/client'
import { openBrowser, type TestBrowser } from '../support/browser'
import { sharedWorkbench, START_MS, type Workbench } from '../support/workbench'

/** Available once `beforeAll` has run. */
export interface Bench {
  readonly workbench: Workbench
  readonly browser: Browser
}

/** Opens both before the tests of this file, and closes the browser after them. */
export function setUpBench(): Bench {
  let workbench: Workbench
  let opened: TestBrowser | undefined
  beforeAll(async () => {
    ;[workbench, opened] = await Promise.all([sharedWorkbench(), openBrowser()])
  }, START_MS)
  afterAll(() => opened?.[Symbol.asyncDispose]())
  return {
    get workbench() {
      return workbench
    },
    get browser() {
      return opened!.browser
    },
  }
}

/** A page in its own window, with the errors that it reports. */
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

/** The text of the page without its frame. */
export const textOf = (page: Page) => page.locator('main').innerText()
