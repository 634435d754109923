/** The fields of a body or an answer, indented as they nest. */
import { Fragment } from 'react'
import type { FieldGroup, SchemaField } from '../../lib/api/docs/schemaFields'
import { Badge } from '../ui/Badge'

/** Fields at this depth and below are folded. */
const FOLD_AT = 2

/** @param isInput whether the reader sends these fields; in an answer, optional fields are marked instead of required ones. */
export function FieldGroups({
  groups,
  isInput,
  depth = 0,
}: {
  groups: readonly FieldGroup[]
  isInput: boolean
  depth?: number
}) {
  return groups.map(({ title, fields }, at) => (
    <Fragment key={at}>
      {title && (
        <p className="text-small mt-1.5">
          <span className="text-ink-soft">{at === 0 ? 'either ' : 'or '}</span>
          <span className="font-mono">{title}</span>
        </p>
      )}
      <ul className="divide-line divide-y">
        {fields.map((field) => (
          <li key={field.name} className="py-1">
            <Field field={field} isInput={isInput} depth={depth} />
          </li>
        ))}
      </ul>
    </Fragment>
  ))
}

interface FieldProps {
  field: SchemaField
  isInput: boolean
  depth: number
}

function Field({ field, isInput, depth }: FieldProps) {
  const { groups } = field
  return (
    <>
      <FieldLine field={field} isInput={isInput} />
      {groups.length > 0 && <Nested field={field} isInput={isInput} depth={depth + 1} />}
    </>
  )
}

function Nested({ field: { name, groups }, isInput, depth }: FieldProps) {
  const inner = <FieldGroups groups={groups} isInput={isInput} depth={depth} />
  const box = 'border-line mt-0.5 ml-1 border-l pl-3'
  if (depth < FOLD_AT) return <div className={box}>{inner}</div>
  const fields = groups.reduce((sum, group) => sum + group.fields.length, 0)
  return (
    <details>
      <summary className="text-ink-soft text-small w-fit">
        {fields} {fields === 1 ? 'field' : 'fields'} of <span className="font-mono">{name}</span>
      </summary>
      <div className={box}>{inner}</div>
    </details>
  )
}

/** One field: its name, type and meaning. */
function FieldLine({ field, isInput }: Omit<FieldProps, 'depth'>) {
  const { name, type, required, description, bounds } = field
  return (
    <div className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5">
      <code className="font-mono text-small font-medium">{name}</code>
      <span className="text-ink-soft text-small min-w-0 font-mono break-words">{type}</span>
      {isInput && required && <Badge>required</Badge>}
      {!isInput && !required && <Badge>may be absent</Badge>}
      {bounds && <span className="text-ink-soft text-small">{bounds}</span>}
      {field.default !== undefined && (
        <span className="text-ink-soft text-small">
          default <span className="font-mono break-all">{field.default}</span>
        </span>
      )}
      {description && <span className="w-full">{description}</span>}
    </div>
  )
}
