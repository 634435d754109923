/** The code of each part of the suite, listed once. */
import { absorptionRunner } from './absorption/run'
import { coreRunner } from './core/run'
import { influenceRunner } from './influence/run'
import type { SuiteName } from '.'
import type { SuiteRunner } from './runner'
import { sparseProbingRunner } from './sparseProbing/run'

/** Settings are checked beforehand by the schema of the definition. */
export const SUITE_RUNNERS: Readonly<Record<SuiteName, SuiteRunner>> = {
  core: erased(coreRunner),
  'sparse-probing': erased(sparseProbingRunner),
  absorption: erased(absorptionRunner),
  influence: erased(influenceRunner),
}

/** Forgets the types of one runner: its settings and parts come back as it wrote them. */
function erased<Settings, Part extends object>(runner: SuiteRunner<Settings, Part>): SuiteRunner {
  return runner
}
