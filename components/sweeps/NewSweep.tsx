'use client'

import { useMemo } from 'react'
import type { HarvestSummary } from '../../lib/harvests/schema'
import type { ArchitectureDescription, TrainingChoices } from '../../lib/runs/schema'
import { api, ok } from '../api'
import type { Typed } from '../forms/formFields'
import { SettingsFields } from '../forms/SettingsFields'
import { TrainingForm } from '../runs/TrainingForm'
import { useTrainingForm } from '../runs/useTrainingForm'
import { Checkbox } from '../ui/Field'
import { Panel } from '../ui/States'
import { useSettled } from '../useSettled'
import { PlanSummary } from './PlanSummary'
import { SweepCommand } from './SweepCommand'
import { listSettings, specOf, sweepFields, type SweepField } from './sweepForm'
import { useSweepPlan } from './useSweepPlan'

const SETTLE_MS = 400
const NAME = { hint: 'The names of its runs start with it. Default: the harvest’s name, numbered', maxLength: 120 }

/** The form of a new sweep. The address holds what is typed. */
export function NewSweep({
  choices,
  initial,
}: {
  choices: TrainingChoices
  /** What the address holds. */
  initial: Typed
}) {
  const { harvests, architectures } = choices
  const firstTwo = architectures.slice(0, 2).map(({ name }) => name)
  const form = useTrainingForm(harvests, initial, { architecture: firstTwo.join(',') })
  const { typed, harvest, problems, change, start } = form
  const names = useMemo(() => (typed['architecture'] ?? '').split(',').filter(Boolean), [typed])
  const chosen = useMemo(() => architectures.filter(({ name }) => names.includes(name)), [architectures, names])
  const fields = useMemo(() => sweepFields(chosen), [chosen])
  const lists = useMemo(() => listSettings(chosen), [chosen])
  const spec = specOf(
    fields,
    typed,
    chosen.map((architecture) => architecture.name),
  )
  const { name = '', engine = 'auto' } = typed
  const body = { harvest: harvest?.name ?? '', engine, ...spec, ...(name.trim() && { name: name.trim() }) }
  const missing = [
    ...(chosen.length === 0 ? ['an architecture'] : []),
    ...fields.filter((field) => field.required && !typed[field.name]?.trim()).map((field) => field.name),
  ]
  const isReady = harvest !== undefined && missing.length === 0
  const plan = useSweepPlan(useSettled(isReady ? JSON.stringify(body) : null, SETTLE_MS))
  const runs = plan.data?.runs.length ?? 0
  const send = async () => {
    const { sweep } = await ok(api.POST('/api/v1/sweeps', { body: body as never }))
    return `/sweeps/${sweep.id}`
  }
  return (
    <TrainingForm
      title="Sweep"
      form={form}
      choices={choices}
      wanted={chosen}
      name={NAME}
      startLabel={runs === 0 ? 'Start' : `Start ${runs} ${runs === 1 ? 'run' : 'runs'}`}
      canStart={runs > 0}
      // An error names the run that it is about, so it is not shown next to a field.
      onSubmit={() => void start(send, [])}
      settings={
        <>
          <Architectures
            options={architectures}
            names={names}
            onChange={(value) => change('architecture', value.join(','))}
          />
          <Panel title="Settings">
            <SettingsFields
              fields={fields.map((field) => ({ ...field, hint: hintOf(field) }))}
              typed={typed}
              problems={problems}
              onChange={change}
              examples={examplesFor(harvest)}
              isList
              before={
                <p className="text-ink-soft sm:col-span-2">
                  Separate values by commas: every combination is a run. A single value is shared by all runs.
                  {lists.length > 0 &&
                    ` ${lists.join(', ')} are lists themselves and keep their defaults here; a file can set them.`}
                </p>
              }
            />
          </Panel>
        </>
      }
    >
      <PlanSummary plan={plan} missing={missing} />
      {runs > 0 && <SweepCommand spec={spec} engine={engine} harvest={body.harvest} name={body.name} />}
    </TrainingForm>
  )
}

function Architectures({
  options,
  names,
  onChange,
}: {
  options: readonly ArchitectureDescription[]
  names: readonly string[]
  onChange: (names: readonly string[]) => void
}) {
  const toggle = (name: string, on: boolean) => {
    const others = names.filter((other) => other !== name)
    onChange(on ? [...others, name] : others)
  }
  return (
    <Panel title="Architectures">
      <fieldset className="grid gap-x-4 gap-y-1 sm:grid-cols-2">
        <legend className="sr-only">Architectures to train</legend>
        {options.map(({ name, description }) => (
          <Checkbox
            key={name}
            label={<span title={description}>{name}</span>}
            checked={names.includes(name)}
            onChange={({ target }) => toggle(name, target.checked)}
          />
        ))}
      </fieldset>
    </Panel>
  )
}

function hintOf({ hint, onlyFor }: SweepField): string {
  return onlyFor.length === 0 ? hint : `${hint} (${onlyFor.join(', ')})`
}

function examplesFor(harvest: HarvestSummary | undefined): Typed {
  const widths = harvest && `${4 * harvest.dIn}, ${8 * harvest.dIn}`
  return { ...(widths && { d_sae: widths }), k: '16, 32, 64', tokens: '1M' }
}
