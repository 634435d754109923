/** Architectures as data: their settings as JSON Schema, for forms and descriptions. */
import { z } from 'zod'
import { architectureNamed, architectureNames } from '../../trainer/sae/architectures'
import type { Companion } from '../../trainer/store/layout'
import { FROM_HARVEST } from './fromHarvest'
import type { FieldShape } from '../base/settingsText'

export interface ArchitectureDescription {
  name: string
  description: string
  /** What it trains on beside the activations, which the harvest must have stored. */
  needs: readonly Companion[]
  /** Settings without `architecture`, and without the widths, which the harvest decides. */
  schema: { properties: Record<string, FieldShape>; required: string[] }
  /** Of every setting, by name. */
  descriptions: Record<string, string>
}

const NOT_ASKED: ReadonlySet<string> = new Set(['architecture', ...FROM_HARVEST])

export function describeArchitecture(name: string): ArchitectureDescription {
  const { schema, needs = [] } = architectureNamed(name)
  const json = z.toJSONSchema(schema, { io: 'input' })
  const properties = Object.entries((json.properties ?? {}) as Record<string, FieldShape>)
  const descriptions = Object.fromEntries(properties.map(([key, { description = '' }]) => [key, description]))
  return {
    name,
    needs,
    description: descriptions['architecture'] ?? '',
    schema: {
      properties: Object.fromEntries(properties.filter(([key]) => !NOT_ASKED.has(key))),
      required: (json.required ?? []).filter((key) => !NOT_ASKED.has(key)),
    },
    descriptions,
  }
}

export function describeArchitectures(): ArchitectureDescription[] {
  return architectureNames().map(describeArchitecture)
}
