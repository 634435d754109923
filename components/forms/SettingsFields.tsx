import type { ReactNode } from 'react'
import { Field, Input, Select } from '../ui/Field'
import type { FormField, Typed } from './formFields'

/** Required settings first; settings with a default are folded. */
export function SettingsFields({
  fields,
  typed,
  problems,
  onChange,
  examples,
  before,
  isList = false,
}: {
  fields: readonly FormField[]
  typed: Typed
  problems: Typed
  onChange: (name: string, value: string) => void
  /** Examples for fields without a default. */
  examples: Typed
  before: ReactNode
  /** Whether each field accepts several values: then it is a line of text, not a menu. */
  isList?: boolean
}) {
  const show = (field: FormField) => (
    <SettingField
      key={field.name}
      field={isList ? asText(field) : field}
      example={examples[field.name]}
      value={typed[field.name] ?? ''}
      problem={problems[field.name]}
      onChange={(value) => onChange(field.name, value)}
    />
  )
  const folded = fields.filter(({ required }) => !required)
  const changed = folded.filter(({ name }) => typed[name]).length
  const isOpen = folded.some(({ name }) => typed[name] || problems[name])
  const grid = 'grid gap-x-4 gap-y-3 sm:grid-cols-2'
  return (
    <>
      <div className={grid}>
        {before}
        {fields.filter(({ required }) => required).map(show)}
      </div>
      <p className="text-ink-soft text-small mt-2">Numbers can be written as 200k, 1.5M or 3e-4.</p>
      <details className="mt-3 border-t pt-3" open={isOpen || undefined}>
        <summary className="w-fit">
          {folded.length} more settings, all with defaults
          {changed > 0 && <span className="text-ink-soft"> ({changed} set here)</span>}
        </summary>
        <div className={`mt-3 ${grid}`}>{folded.map(show)}</div>
      </details>
    </>
  )
}

function asText({ choices, ...field }: FormField): FormField {
  const hint = choices ? `${field.hint}: ${choices.join(', ')}` : field.hint
  return { ...field, hint, choices: undefined }
}

/** One field of a form made from a schema: a menu where the schema lists the values, otherwise a line of text. */
export function SettingField({
  field: { name, hint, required, placeholder, choices },
  example,
  value,
  problem,
  onChange,
}: {
  field: FormField
  example: string | undefined
  value: string
  problem: string | undefined
  onChange: (value: string) => void
}) {
  const title = (
    <span className="font-mono text-small">
      {name}
      {required && <span aria-hidden> *</span>}
    </span>
  )
  const common = { id: `field-${name}`, value, 'aria-invalid': problem !== undefined, required }
  return (
    <Field label={title} hint={hint} error={problem}>
      {choices ? (
        <Select {...common} onChange={({ target }) => onChange(target.value)}>
          {!required && <option value="">default: {placeholder}</option>}
          {choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </Select>
      ) : (
        <Input
          {...common}
          autoComplete="off"
          spellCheck={false}
          placeholder={placeholder || (example && `e.g. ${example}`)}
          className="font-mono text-small"
          onChange={({ target }) => onChange(target.value)}
        />
      )}
    </Field>
  )
}
