'use client'

import { Save, Trash2 } from 'lucide-react'
import { useState } from 'react'
import useSWR from 'swr'
import { ApiProblem } from '../../lib/api/client/client'
import type { ListedSteeringPreset } from '../../lib/steering/schema'
import type { Intervention } from '../../trainer/steering/intervention'
import { api, ok } from '../api'
import { Button, IconButton } from '../ui/Button'
import { Input, Select } from '../ui/Field'
import { Failure, type Problem } from '../ui/States'
import { fromIntervention, toIntervention, type Setup } from '../../lib/steering/setup'

/** Presets: load one, save the current settings as one, delete one. */
export function PresetBar({
  setup,
  presets,
  initialPreset,
  onLoad,
}: {
  setup: Setup
  presets: readonly ListedSteeringPreset[]
  /** Name of the preset that the settings come from. */
  initialPreset: string | null
  onLoad: (setup: Setup) => void
}) {
  const { data, mutate } = useSWR(
    '/presets',
    async (): Promise<readonly ListedSteeringPreset[]> => (await ok(api.GET('/api/v1/presets'))).presets,
    { fallbackData: presets, revalidateOnMount: false },
  )
  const list = data ?? presets
  const [loaded, setLoaded] = useState<ListedSteeringPreset | undefined>(
    presets.find(({ name }) => name === initialPreset),
  )
  const [naming, setNaming] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const [busy, setBusy] = useState(false)
  const attempt = (work: () => Promise<void>) => {
    setProblem(undefined)
    setBusy(true)
    work()
      .catch((thrown: unknown) =>
        setProblem(thrown instanceof ApiProblem ? thrown : { message: (thrown as Error).message }),
      )
      .finally(() => setBusy(false))
  }
  const load = (id: string) =>
    attempt(async () => {
      const preset = await ok(api.GET('/api/v1/presets/{id}', { params: { path: { id } } }))
      // The generated types write the pair [from, to] of positions as number[].
      onLoad(fromIntervention(preset.intervention as Intervention))
      setLoaded(preset)
    })
  const remove = ({ id }: ListedSteeringPreset) =>
    attempt(async () => {
      await ok(api.DELETE('/api/v1/presets/{id}', { params: { path: { id } } }))
      setLoaded(undefined)
      await mutate()
    })
  const save = (name: string) =>
    attempt(async () => {
      const body = { name, intervention: toIntervention(setup) }
      const same = list.find((preset) => preset.name === name)
      const saved = same
        ? await ok(api.PUT('/api/v1/presets/{id}', { params: { path: { id: same.id } }, body }))
        : await ok(api.POST('/api/v1/presets', { body }))
      setLoaded(saved)
      setNaming(false)
      await mutate()
    })
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-2">
      <label className="flex min-w-0 items-center gap-1.5">
        <span className="text-ink-soft">Preset</span>
        <Select className="max-w-48" value={loaded?.id ?? ''} onChange={({ target }) => load(target.value)}>
          <option value="" disabled>
            {list.length === 0 ? 'none saved' : 'choose…'}
          </option>
          {list.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </label>
      {loaded && (
        <IconButton label={`Delete the preset ${loaded.name}`} disabled={busy} onClick={() => remove(loaded)}>
          <Trash2 aria-hidden className="size-4" />
        </IconButton>
      )}
      {naming ? (
        <SaveForm
          name={loaded?.name ?? ''}
          busy={busy}
          taken={list.map(({ name }) => name)}
          onSave={save}
          onCancel={() => setNaming(false)}
        />
      ) : (
        <Button onClick={() => setNaming(true)}>
          <Save aria-hidden className="size-3.5" /> Save
        </Button>
      )}
      {problem && <Failure problem={problem} />}
    </div>
  )
}

function SaveForm({
  name,
  busy,
  taken,
  onSave,
  onCancel,
}: {
  name: string
  busy: boolean
  taken: readonly string[]
  onSave: (name: string) => void
  onCancel: () => void
}) {
  const [text, setText] = useState(name)
  const typed = text.trim()
  return (
    <form
      className="flex flex-wrap items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (typed !== '' && !busy) onSave(typed)
      }}
    >
      <Input
        autoFocus
        aria-label="Name of the preset"
        placeholder="Name"
        className="w-44"
        maxLength={120}
        value={text}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={(event) => event.key === 'Escape' && onCancel()}
      />
      <Button look="primary" type="submit" disabled={busy || typed === ''}>
        {taken.includes(typed) ? 'Replace' : 'Save'}
      </Button>
      <Button onClick={onCancel}>Cancel</Button>
    </form>
  )
}
