/** A training run that is there already, as the line of the command line that trains it again. */
import { architectureNamed, resolveTrainConfig } from '../../trainer/sae/architectures'
import type { RunParent } from './rows'
import { checkpointWord, trainCommand } from './commandLine'

/** The line that trains the weights of a run again, bit for bit on the same machine, beside it. */
export function againCommand(run: {
  name: string
  engine: string
  harvest: { name: string }
  config: Readonly<Record<string, unknown>>
  parent: RunParent | null
}): string {
  const { name, engine, harvest, config, parent } = run
  const from = parent ? checkpointWord(parent) : undefined
  return trainCommand({ harvest: harvest.name, from, name: `${name}/again`, engine, settings: givenSettings(config) })
}

/** The fewest settings that a complete configuration follows from; the others are defaults. */
export function givenSettings(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const complete = sorted(resolveTrainConfig(config))
  const { schema } = architectureNamed(String(config['architecture']))
  let given: Record<string, unknown> = { ...config }
  for (const key of Object.keys(config)) {
    const rest = Object.fromEntries(Object.entries(given).filter(([name]) => name !== key))
    const parsed = schema.safeParse(rest)
    if (parsed.success && sorted(resolveTrainConfig(rest)) === complete) given = rest
  }
  return given
}

const sorted = (config: object) => JSON.stringify(Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1)))
