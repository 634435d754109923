/** What people and hostile clients do in the browser, over the real processes, database and a small dictionary. */
import { describe } from 'vitest'
import { setUpBench } from './bench'
import { describeHostileRequests } from './hostile'
import { describeLiveRun } from './liveRun'
import { describeNewcomer } from './newcomer'
import { describeSweep } from './sweep'

const bench = setUpBench()

describe('a newcomer', () => describeNewcomer(bench))
describe('a run', () => describeLiveRun(bench))
describe('a sweep', () => describeSweep(bench))
describe('hostile requests', () => describeHostileRequests(bench))
