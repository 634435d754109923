/** The pages in a browser, over the real processes, database and a small dictionary of SmolLM2. */
import { afterAll, beforeAll, describe } from 'vitest'
import { openBrowser, type TestBrowser } from '../support/browser'
import { startWorkbench, type Workbench } from '../support/workbench'
import { describeEveryPage } from './everyPage'
import { describeHostileRequests } from './hostile'
import { describeLiveRun } from './liveRun'
import { describeNewcomer } from './newcomer'
import { describeSweep } from './sweep'
import type { Bench } from './bench'

/** A build, a demo and the start of all processes, on a machine that is busy with other tests. */
const START_MS = 15 * 60_000

let workbench: Workbench
let opened: TestBrowser

beforeAll(async () => {
  ;[workbench, opened] = await Promise.all([startWorkbench(), openBrowser()])
}, START_MS)
afterAll(async () => {
  await opened?.[Symbol.asyncDispose]()
  await workbench?.[Symbol.asyncDispose]()
}, START_MS)

const bench: Bench = {
  get workbench() {
    return workbench
  },
  get browser() {
    return opened.browser
  },
}

describe('a newcomer', () => describeNewcomer(bench))
describe('a run', () => describeLiveRun(bench))
describe('a sweep', () => describeSweep(bench))
describe('every page', () => describeEveryPage(bench))
describe('hostile requests', () => describeHostileRequests(bench))
