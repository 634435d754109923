'use client'

import { useMemo } from 'react'
import type { HarvestSummary } from '../../lib/harvests/schema'
import { trainCommand } from '../../lib/runs/command'
import type { TrainingChoices } from '../../lib/runs/schema'
import { api, ok } from '../api'
import { CodeBlock } from '../ui/CodeBlock'
import { Field, Input, Select } from '../ui/Field'
import { Panel } from '../ui/States'
import { formFields, missingFields, settingsOf, type Typed } from '../forms/formFields'
import { MemoryEstimate } from './MemoryEstimate'
import { SettingsFields } from '../forms/SettingsFields'
import { TrainingForm } from './TrainingForm'
import { useTrainingForm } from './useTrainingForm'

const NAME = { hint: 'Name of the run and of its dictionary. Default: made from the settings', maxLength: 200 }

/** The form of a new run, made from the schema of the chosen architecture. The address holds what is typed. */
export function NewRun({
  choices,
  initial,
}: {
  choices: TrainingChoices
  /** What the address holds. */
  initial: Typed
}) {
  const { harvests, architectures } = choices
  const form = useTrainingForm(harvests, initial, { architecture: architectures[0]?.name ?? '' })
  const { typed, harvest, problems, change, refuse, start } = form
  const architecture = architectures.find(({ name }) => name === typed['architecture']) ?? architectures[0]!
  const fields = useMemo(() => formFields(architecture.schema), [architecture])
  const settings = { architecture: architecture.name, ...settingsOf(fields, typed) }
  const [name, from] = [typed['name']?.trim(), typed['from']?.trim()]
  const request = {
    harvest: harvest?.name ?? '',
    engine: typed['engine'] ?? 'auto',
    ...(name && { name }),
    ...(from && { from }),
  }
  const submit = () => {
    const missing = missingFields(fields, typed)
    if (Object.keys(missing).length > 0) return refuse(missing)
    const send = async () => {
      const { run } = await ok(api.POST('/api/v1/runs', { body: { ...request, ...settings } as never }))
      return `/runs/${run}`
    }
    void start(send, [...fields.map((field) => field.name), 'name', 'harvest', 'from'])
  }
  return (
    <TrainingForm
      title="Run"
      form={form}
      choices={choices}
      wanted={[architecture]}
      name={NAME}
      startLabel="Start training"
      canStart={harvest !== undefined}
      further={
        <Field
          label="start from"
          hint="The weights of a checkpoint: RUN, RUN@best or RUN@STEP. Default: random weights"
          error={problems['from']}
        >
          <Input
            id="field-from"
            maxLength={300}
            autoComplete="off"
            value={typed['from'] ?? ''}
            onChange={({ target }) => change('from', target.value)}
          />
        </Field>
      }
      onSubmit={submit}
      settings={
        <Panel title="Settings">
          <SettingsFields
            fields={fields}
            typed={typed}
            problems={problems}
            onChange={change}
            examples={examplesFor(harvest)}
            before={
              <Field label="architecture" hint={architecture.description}>
                <Select value={architecture.name} onChange={({ target }) => change('architecture', target.value)}>
                  {architectures.map((option) => (
                    <option key={option.name}>{option.name}</option>
                  ))}
                </Select>
              </Field>
            }
          />
        </Panel>
      }
    >
      <MemoryEstimate harvest={harvest} architecture={architecture} settings={settings} fields={fields} />
      {harvest && (
        <Panel title="The same from the command line">
          <CodeBlock label="command" wrap text={trainCommand({ ...request, settings })} />
        </Panel>
      )}
    </TrainingForm>
  )
}

/** Sizes to start with: eight latents for each dimension of the activations, few of them active. */
function examplesFor(harvest: HarvestSummary | undefined): Typed {
  return { ...(harvest && { d_sae: String(8 * harvest.dIn) }), k: '32', tokens: '1M' }
}
