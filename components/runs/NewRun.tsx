'use client'

import { useRouter } from 'next/navigation'
import { useMemo, useState, type FormEvent } from 'react'
import { trainCommand } from '../../lib/trainCommandLine'
import { api, ok } from '../api'
import { Button } from '../ui/Button'
import { CodeBlock } from '../ui/CodeBlock'
import { Field, Input, Select } from '../ui/Field'
import { Failure, Panel, type Problem } from '../ui/States'
import { formFields, missingFields, problemsByField, settingsOf, type SettingsSchema } from './formFields'
import { HarvestChoice, type HarvestOption } from './HarvestChoice'
import { MemoryEstimate } from './MemoryEstimate'
import { SettingsFields } from './SettingsFields'

export interface ArchitectureOption {
  name: string
  description: string
  schema: SettingsSchema
}

type Typed = Readonly<Record<string, string>>

/** The form of a new run, made of the schema of the chosen architecture; what is typed is kept in the address. */
export function NewRun({
  harvests,
  architectures,
  engines,
  initial,
}: {
  harvests: readonly HarvestOption[]
  architectures: readonly ArchitectureOption[]
  engines: readonly string[]
  initial: Typed
}) {
  const router = useRouter()
  const [typed, setTyped] = useState<Typed>(() => startOf(initial, harvests, architectures))
  const [problems, setProblems] = useState<Typed>({})
  const [failure, setFailure] = useState<Problem>()
  const [busy, setBusy] = useState(false)
  const architecture = architectures.find(({ name }) => name === typed['architecture']) ?? architectures[0]!
  const fields = useMemo(() => formFields(architecture.schema), [architecture])
  const harvest = harvests.find(({ name, id }) => name === typed['harvest'] || id === typed['harvest'])
  const change = (name: string, value: string) => {
    const next = { ...typed, [name]: value }
    setTyped(next)
    setProblems((known) => Object.fromEntries(Object.entries(known).filter(([key]) => key !== name)))
    keepInAddress(next)
  }
  const settings = settingsOf(fields, typed)
  const { name = '', engine = 'auto' } = typed
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const missing = missingFields(fields, typed)
    setProblems(missing)
    setFailure(undefined)
    if (Object.keys(missing).length > 0) return focusOn(Object.keys(missing)[0]!)
    setBusy(true)
    try {
      const own = {
        harvest: harvest?.name ?? '',
        architecture: architecture.name,
        engine,
        ...(name.trim() && { name: name.trim() }),
      }
      const { run } = await ok(api.POST('/api/v1/runs', { body: { ...own, ...settings } as never }))
      router.push(`/runs/${run}`)
    } catch (error) {
      setBusy(false)
      const { message, remedy } = error as Problem
      const { '': rest, ...byField } = problemsByField(message, [
        ...fields.map((field) => field.name),
        'name',
        'harvest',
      ])
      setProblems(Object.fromEntries(Object.entries(byField).map(([key, text]) => [key, withFound(text, typed[key])])))
      if (rest) setFailure({ message: rest, remedy })
      const [first] = Object.keys(byField)
      if (first) focusOn(first)
    }
  }
  return (
    <form
      noValidate
      onSubmit={(event) => void submit(event)}
      className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(20rem,26rem)]"
    >
      <div className="flex min-w-0 flex-col gap-4">
        <Panel title="Train on">
          <HarvestChoice
            harvests={harvests}
            chosen={harvest}
            onChoose={(value) => change('harvest', value)}
            error={problems['harvest']}
          />
        </Panel>
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
      </div>
      <div className="flex min-w-0 flex-col gap-4 lg:sticky lg:top-15">
        <Panel title="Run">
          <div className="flex flex-col gap-3">
            <Field
              label="name"
              hint="Of the run and of its dictionary. Default: made from the settings"
              error={problems['name']}
            >
              <Input
                id="field-name"
                maxLength={200}
                value={name}
                onChange={({ target }) => change('name', target.value)}
              />
            </Field>
            <Field label="engine" hint="What computes the steps; auto is the fastest that the worker has">
              <Select value={engine} onChange={({ target }) => change('engine', target.value)}>
                {engines.map((option) => (
                  <option key={option}>{option}</option>
                ))}
              </Select>
            </Field>
            {failure && <Failure problem={failure} />}
            <Button type="submit" look="primary" disabled={busy || !harvest}>
              {busy ? 'Starting…' : 'Start training'}
            </Button>
          </div>
        </Panel>
        <MemoryEstimate
          dIn={harvest?.dIn}
          settings={{ architecture: architecture.name, ...settings }}
          fields={fields}
        />
        {harvest && (
          <Panel title="The same from the command line">
            <CodeBlock
              label="command"
              wrap
              text={trainCommand({
                harvest: harvest.name,
                engine,
                ...(name.trim() && { name: name.trim() }),
                settings: { architecture: architecture.name, ...settings },
              })}
            />
          </Panel>
        )}
      </div>
    </form>
  )
}

/** The address decides; else the newest harvest that is ready. */
function startOf(
  initial: Typed,
  harvests: readonly HarvestOption[],
  architectures: readonly ArchitectureOption[],
): Typed {
  const ready = harvests.find(({ status }) => status === 'finished')
  return {
    architecture: architectures[0]?.name ?? '',
    engine: 'auto',
    ...(ready && { harvest: ready.name }),
    ...initial,
  }
}

/** Sizes to begin with: eight latents for each dimension of the activations, few of them active. */
function examplesFor(harvest: HarvestOption | undefined): Typed {
  return { ...(harvest && { d_sae: String(8 * harvest.dIn) }), k: '32', tokens: '1M' }
}

/** So that a reload, or somebody else, finds the form as it is. */
function keepInAddress(typed: Typed): void {
  const query = new URLSearchParams(Object.entries(typed).filter(([, value]) => value !== ''))
  window.history.replaceState(null, '', `?${query.toString()}`)
}

/** What stands in the field may be long past what the refusal was about. */
const withFound = (problem: string, typed: string | undefined): string =>
  typed ? `${problem} (found “${typed}”)` : problem

function focusOn(name: string): void {
  const element = document.getElementById(`field-${name}`)
  element?.closest('details')?.setAttribute('open', '')
  element?.focus()
}
