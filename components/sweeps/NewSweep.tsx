'use client'

import { useRouter } from 'next/navigation'
import { useMemo, useState, type FormEvent } from 'react'
import { api, ok } from '../api'
import { HarvestChoice, type HarvestOption } from '../runs/HarvestChoice'
import { SettingsFields } from '../runs/SettingsFields'
import { Button } from '../ui/Button'
import { CodeBlock } from '../ui/CodeBlock'
import { Checkbox, Field, Input, Select } from '../ui/Field'
import { Failure, Panel, type Problem } from '../ui/States'
import { useSettled } from '../useSettled'
import { PlanSummary } from './PlanSummary'
import { specText } from './specText'
import { specOf, sweepFields, type ArchitectureOption } from './sweepForm'
import { useSweepPlan } from './useSweepPlan'

type Typed = Readonly<Record<string, string>>

const SETTLE_MS = 400

/** The form of a new sweep; what is typed is kept in the address. */
export function NewSweep({
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
  const [failure, setFailure] = useState<Problem>()
  const [busy, setBusy] = useState(false)
  const names = useMemo(() => (typed['architecture'] ?? '').split(',').filter(Boolean), [typed])
  const chosen = useMemo(() => architectures.filter(({ name }) => names.includes(name)), [architectures, names])
  const fields = useMemo(() => sweepFields(chosen), [chosen])
  const harvest = harvests.find(({ name, id }) => name === typed['harvest'] || id === typed['harvest'])
  const change = (name: string, value: string) => {
    const next = { ...typed, [name]: value }
    setTyped(next)
    setFailure(undefined)
    keepInAddress(next)
  }
  const { name = '', engine = 'auto' } = typed
  const missing = fields.filter((field) => field.required && !typed[field.name]?.trim()).map((field) => field.name)
  const spec = specOf(
    fields,
    typed,
    chosen.map((architecture) => architecture.name),
  )
  const body = { harvest: harvest?.name ?? '', engine, ...spec, ...(name.trim() && { name: name.trim() }) }
  const isReady = harvest !== undefined && chosen.length > 0 && missing.length === 0
  const plan = useSweepPlan(useSettled(isReady ? JSON.stringify(body) : null, SETTLE_MS))
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    try {
      const { sweep } = await ok(api.POST('/api/v1/sweeps', { body: body as never }))
      router.push(`/sweeps/${sweep.id}`)
    } catch (error) {
      setBusy(false)
      setFailure(error as Problem)
    }
  }
  const runs = plan.data?.runs.length
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
            error={undefined}
          />
        </Panel>
        <Panel title="Architectures">
          <fieldset className="grid gap-x-4 gap-y-1 sm:grid-cols-2">
            <legend className="sr-only">Architectures to train</legend>
            {architectures.map((architecture) => (
              <Checkbox
                key={architecture.name}
                label={<span title={architecture.description}>{architecture.name}</span>}
                checked={names.includes(architecture.name)}
                onChange={({ target }) => change('architecture', toggled(names, architecture.name, target.checked))}
              />
            ))}
          </fieldset>
        </Panel>
        <Panel title="Settings">
          <SettingsFields
            fields={fields.map((field) => ({ ...field, hint: hintOf(field) }))}
            typed={typed}
            problems={{}}
            onChange={change}
            examples={examplesFor(harvest)}
            isList
            before={
              <p className="text-ink-soft sm:col-span-2">
                Several values, separated by commas, make a run for each combination; one value is shared by all.
              </p>
            }
          />
        </Panel>
      </div>
      <div className="flex min-w-0 flex-col gap-4 lg:sticky lg:top-15">
        <Panel title="Sweep">
          <div className="flex flex-col gap-3">
            <Field label="name" hint="Names of its runs begin with it. Default: the harvest’s, numbered">
              <Input maxLength={120} value={name} onChange={({ target }) => change('name', target.value)} />
            </Field>
            <Field label="engine" hint="What computes the steps; auto is the fastest that the worker has">
              <Select value={engine} onChange={({ target }) => change('engine', target.value)}>
                {engines.map((option) => (
                  <option key={option}>{option}</option>
                ))}
              </Select>
            </Field>
            {failure && <Failure problem={failure} />}
            <Button type="submit" look="primary" disabled={busy || !runs}>
              {busy ? 'Starting…' : runs ? `Start ${runs} ${runs === 1 ? 'run' : 'runs'}` : 'Start'}
            </Button>
          </div>
        </Panel>
        <PlanSummary plan={plan} missing={[...(chosen.length === 0 ? ['an architecture'] : []), ...missing]} />
        {runs !== undefined && (
          <Panel title="The same from the command line">
            <div className="flex flex-col gap-2">
              <CodeBlock label="specification, to be kept as sweep.json" text={specText(spec)} wrap />
              <CodeBlock
                label="command"
                wrap
                text={`npx loupe train --sweep sweep.json --harvest '${harvest?.name ?? ''}'`}
              />
            </div>
          </Panel>
        )}
      </div>
    </form>
  )
}

function hintOf({ hint, onlyFor }: { hint: string; onlyFor: readonly string[] }): string {
  return onlyFor.length === 0 ? hint : `${hint} (${onlyFor.join(', ')})`
}

function toggled(names: readonly string[], name: string, on: boolean): string {
  const others = names.filter((other) => other !== name)
  return (on ? [...others, name] : others).join(',')
}

/** The address decides; else the newest harvest that is ready and the first two architectures. */
function startOf(
  initial: Typed,
  harvests: readonly HarvestOption[],
  architectures: readonly ArchitectureOption[],
): Typed {
  const ready = harvests.find(({ status }) => status === 'finished')
  const first = architectures.slice(0, 2).map(({ name }) => name)
  return { architecture: first.join(','), engine: 'auto', ...(ready && { harvest: ready.name }), ...initial }
}

function examplesFor(harvest: HarvestOption | undefined): Typed {
  const widths = harvest && `${4 * harvest.dIn}, ${8 * harvest.dIn}`
  return { ...(widths && { d_sae: widths }), k: '16, 32, 64', tokens: '1M' }
}

/** So that a reload, or somebody else, finds the form as it is. */
function keepInAddress(typed: Typed): void {
  const query = new URLSearchParams(Object.entries(typed).filter(([, value]) => value !== ''))
  window.history.replaceState(null, '', `?${query.toString()}`)
}
