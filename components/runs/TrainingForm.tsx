import type { ReactNode } from 'react'
import type { TrainingChoices } from '../../lib/runs/schema'
import { Button } from '../ui/Button'
import { Field, Input, Select } from '../ui/Field'
import { Failure, Panel } from '../ui/States'
import { HarvestChoice } from './HarvestChoice'
import type { TrainingFormState } from './useTrainingForm'

/** The frame of a form that starts training: harvest and settings on the left; name, engine and start on the right. */
export function TrainingForm({
  title,
  form: { typed, harvest, problems, failure, busy, change },
  choices: { harvests, architectures, engines },
  wanted,
  name,
  startLabel,
  canStart,
  onSubmit,
  settings,
  further,
  children,
}: {
  /** What is started, as the title of its panel. */
  title: string
  form: TrainingFormState
  choices: TrainingChoices
  /** The architectures that are chosen. */
  wanted: TrainingChoices['architectures']
  name: { hint: string; maxLength: number }
  startLabel: string
  canStart: boolean
  onSubmit: () => void
  /** Panels below the choice of a harvest. */
  settings: ReactNode
  /** Fields below name and engine. */
  further?: ReactNode
  /** Panels below the start. */
  children: ReactNode
}) {
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
      className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(20rem,26rem)]"
    >
      <div className="flex min-w-0 flex-col gap-4">
        <Panel title="Train on">
          <HarvestChoice
            harvests={harvests}
            architectures={architectures}
            wanted={wanted}
            chosen={harvest}
            onChoose={(value) => change('harvest', value)}
            error={problems['harvest']}
          />
        </Panel>
        {settings}
      </div>
      <div className="flex min-w-0 flex-col gap-4 lg:sticky lg:top-15">
        <Panel title={title}>
          <div className="flex flex-col gap-3">
            <Field label="name" hint={name.hint} error={problems['name']}>
              <Input
                id="field-name"
                maxLength={name.maxLength}
                value={typed['name'] ?? ''}
                onChange={({ target }) => change('name', target.value)}
              />
            </Field>
            <Field label="engine" hint="What computes the steps; auto: the fastest engine of the worker">
              <Select value={typed['engine'] ?? 'auto'} onChange={({ target }) => change('engine', target.value)}>
                {engines.map((option) => (
                  <option key={option}>{option}</option>
                ))}
              </Select>
            </Field>
            {further}
            {failure && <Failure problem={failure} />}
            <Button type="submit" look="primary" disabled={busy || !canStart}>
              {busy ? 'Starting…' : startLabel}
            </Button>
          </div>
        </Panel>
        {children}
      </div>
    </form>
  )
}
