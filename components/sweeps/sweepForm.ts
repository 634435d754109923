/** The form of a sweep: every setting takes a list of values. One value is shared by all runs, several make a grid. */
import { typedValue, type FieldShape } from '../../lib/base/settingsText'
import type { ArchitectureDescription } from '../../lib/runs/schema'
import { formFields, type FormField, type Typed } from '../forms/formFields'

export interface SweepField extends FormField {
  /** The chosen architectures that take it; empty if all do. */
  onlyFor: readonly string[]
}

/** The settings of all these architectures together, required ones first. */
export function sweepFields(architectures: readonly ArchitectureDescription[]): readonly SweepField[] {
  const byName = new Map<string, { field: FormField; takers: string[]; required: boolean }>()
  for (const { name, schema } of architectures) {
    for (const field of formFields(schema)) {
      if (isList(field)) continue
      const known = byName.get(field.name) ?? { field, takers: [], required: false }
      known.takers.push(name)
      known.required ||= field.required
      byName.set(field.name, known)
    }
  }
  const fields = [...byName.values()].map(({ field, takers, required }): SweepField => {
    return { ...field, required, onlyFor: takers.length === architectures.length ? [] : takers }
  })
  return [...fields.filter(({ required }) => required), ...fields.filter(({ required }) => !required)]
}

/** Commas separate the values of one setting, so the form cannot hold a setting that is a list itself. */
const isList = ({ shape }: FormField) => shape.type === 'array'

/** The settings that the form leaves out because they are lists. */
export function listSettings(architectures: readonly ArchitectureDescription[]): string[] {
  const names = architectures.flatMap(({ schema }) =>
    formFields(schema)
      .filter(isList)
      .map(({ name }) => name),
  )
  return [...new Set(names)]
}

/** The values in a field: `16, 32` → 16 and 32. */
export function valuesOf(text: string, shape: FieldShape): unknown[] {
  const words = text.split(',').map((word) => word.trim())
  return words.flatMap((word) => (word === '' ? [] : [plain(word, shape)]))
}

function plain(word: string, shape: FieldShape): unknown {
  if (word === 'true') return true
  return word === 'false' ? false : typedValue(word, shape)
}

/** The specification that the form describes. */
export function specOf(
  fields: readonly SweepField[],
  typed: Typed,
  architectures: readonly string[],
): { base: Record<string, unknown>; grid: Record<string, unknown[]> } {
  const base: Record<string, unknown> = {}
  const grid: Record<string, unknown[]> = { architecture: [...architectures] }
  for (const { name, shape } of fields) {
    const values = [...new Set(valuesOf(typed[name] ?? '', shape))]
    if (values.length === 1) base[name] = values[0]
    else if (values.length > 1) grid[name] = values
  }
  return { base, grid }
}
