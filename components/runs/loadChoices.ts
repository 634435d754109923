/** What the forms of runs and of sweeps choose from, read on the server. */
import { HarvestSummary } from '../../lib/harvests/schema'
import { describeArchitectures } from '../../lib/runs/architectures'
import { harvestSummaries } from '../../lib/harvests/view'
import { webDatabase } from '../../lib/web/resources'
import { ENGINE_NAMES } from '../../trainer/sae/engines/names'
import type { ArchitectureOption, Typed } from './formFields'
import type { HarvestOption } from './HarvestChoice'

export interface TrainingChoices {
  harvests: readonly HarvestOption[]
  architectures: readonly ArchitectureOption[]
  engines: readonly string[]
  /** What the address says. */
  initial: Typed
}

export async function loadTrainingChoices(
  search: Readonly<Record<string, string | string[] | undefined>>,
): Promise<TrainingChoices> {
  const given = Object.entries(search).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []))
  return {
    harvests: HarvestSummary.array().parse(await harvestSummaries(webDatabase())),
    architectures: describeArchitectures(),
    engines: ENGINE_NAMES,
    initial: Object.fromEntries(given) as Typed,
  }
}
