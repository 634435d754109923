'use client'

import { useState } from 'react'
import type { ListedModel } from '../../lib/models/schema'
import type { VectorEdit } from '../../trainer/steering/intervention'
import { Button } from '../ui/Button'
import { Field, Select, TextArea } from '../ui/Field'
import { count } from '../ui/format'
import { parseVector } from './vector'

/** A form for a direction, pasted as numbers, at a hook of the model. */
export function AddVector({
  hooks,
  initialHook,
  onAdd,
  onClose,
}: {
  hooks: ListedModel['hooks']
  initialHook: string | undefined
  onAdd: (edit: VectorEdit) => void
  onClose: () => void
}) {
  const [chosen, setChosen] = useState(initialHook)
  const [text, setText] = useState('')
  const hook = hooks.find(({ name }) => name === chosen) ?? hooks[0]
  if (!hook) return null
  const parsed = parseVector(text, hook)
  const problem = 'problem' in parsed ? parsed.problem : undefined
  return (
    <div className="bg-surface flex flex-col gap-2 rounded border p-3">
      <Field label="Hook" className="max-w-md">
        <Select value={hook.name} onChange={({ target }) => setChosen(target.value)}>
          {hooks.map(({ name, width }) => (
            <option key={name} value={name}>
              {name} ({count(width)})
            </option>
          ))}
        </Select>
      </Field>
      <Field
        label="Vector"
        hint={problem === undefined ? `${count(hook.width)} numbers: as wide as the hook` : undefined}
        error={text.trim() === '' ? undefined : problem}
      >
        <TextArea
          value={text}
          onChange={({ target }) => setText(target.value)}
          placeholder={`${count(hook.width)} numbers, as a JSON array or with spaces, commas or lines between them`}
          className="font-mono"
          spellCheck={false}
          rows={4}
        />
      </Field>
      <div className="flex gap-2">
        <Button
          look="primary"
          disabled={!('vector' in parsed)}
          onClick={() => {
            if (!('vector' in parsed)) return
            onAdd({ hook: hook.name, vector: parsed.vector, mode: 'add', strength: 1, positions: 'all' })
            onClose()
          }}
        >
          Add vector
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </div>
    </div>
  )
}
