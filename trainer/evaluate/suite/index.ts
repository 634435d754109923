/** The suite's definitions, listed once; their code is in `runners.ts`. */
import { absorption } from './absorption/definition'
import { core } from './core/definition'
import type { SuiteDefinition } from './definition'
import { influence } from './influence/definition'
import { sparseProbing } from './sparseProbing/definition'

export const SUITE = { core, 'sparse-probing': sparseProbing, absorption, influence } as const satisfies Record<
  string,
  SuiteDefinition
>

export type SuiteName = keyof typeof SUITE
export const SUITE_NAMES = Object.keys(SUITE) as SuiteName[]
