/** The architectures as data, and what follows from them about settings. */
import { z } from 'zod'
import { architectureNamed, architectureNames, resolveTrainConfig } from '../../trainer/sae/architectures'
import type { Companion } from '../../trainer/store/layout'
import { ArchitectureDescription } from './schema'
import { FROM_HARVEST } from './settings'

/** What an architecture trains on besides the activations. Empty for a name that is missing. */
export function needsOf(architecture: unknown): readonly Companion[] {
  return typeof architecture === 'string' ? (architectureNamed(architecture).needs ?? []) : []
}

export function describeArchitectures(): ArchitectureDescription[] {
  return architectureNames().map(describeArchitecture)
}

function describeArchitecture(name: string): ArchitectureDescription {
  const { properties = {}, required = [] } = jsonSchemaOf(name)
  const isAsked = (key: string) => key !== 'architecture' && !FROM_HARVEST.has(key)
  return ArchitectureDescription.parse({
    name,
    description: settingDescriptions(name)['architecture'],
    needs: needsOf(name),
    memory: architectureNamed(name).memory,
    schema: {
      properties: Object.fromEntries(Object.entries(properties).filter(([key]) => isAsked(key))),
      required: required.filter(isAsked),
    },
  })
}

/** The meaning of every setting of an architecture, by name. */
export function settingDescriptions(architecture: string): Record<string, string> {
  const properties = Object.entries(jsonSchemaOf(architecture).properties ?? {})
  return Object.fromEntries(
    properties.map(([key, field]) => [key, (typeof field === 'object' && field.description) || '']),
  )
}

function jsonSchemaOf(architecture: string) {
  return z.toJSONSchema(architectureNamed(architecture).schema, { io: 'input' })
}

/** The fewest settings from which a complete configuration follows; all others are defaults. */
export function settingsBehind(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const complete = sorted(resolveTrainConfig(config))
  const { schema } = architectureNamed(String(config['architecture']))
  let settings: Record<string, unknown> = { ...config }
  for (const key of Object.keys(config)) {
    const rest = Object.fromEntries(Object.entries(settings).filter(([name]) => name !== key))
    if (schema.safeParse(rest).success && sorted(resolveTrainConfig(rest)) === complete) settings = rest
  }
  return settings
}

const sorted = (config: object) => JSON.stringify(Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1)))
