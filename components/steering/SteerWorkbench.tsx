'use client'

import type { ListedModel } from '../../lib/models/view'
import type { AttachedDictionary } from '../../lib/dictionaries/view'
import { Select } from '../ui/Field'
import { useCtrlEnter } from '../ui/useCtrlEnter'
import { CopyAddress } from '../ui/CopyAddress'
import { Edits, type KnownFigures } from './Edits'
import { CodeMenu } from './CodeMenu'
import { Output } from './Output'
import { PresetBar, type ListedPreset } from './PresetBar'
import { PromptBox } from './PromptBox'
import { SamplingBar } from './SamplingBar'
import { isFeatureEdit, toIntervention, type Setup } from './setup'
import { useSetup } from './useSetup'
import { isBusy, useSteering } from './useSteering'

export interface SteerWorkbenchProps {
  initial: Setup
  models: readonly ListedModel[]
  dictionaries: readonly AttachedDictionary[]
  presets: readonly ListedPreset[]
  /** Name of the preset the settings come from. */
  preset: string | null
  /** Of the features among the initial edits. */
  known: readonly KnownFigures[]
}

/** The page where a model is steered. */
export function SteerWorkbench({ initial, models, dictionaries, presets, preset, known }: SteerWorkbenchProps) {
  const { setup, setSetup, address } = useSetup(initial)
  const steering = useSteering()
  const intervention = toIntervention(setup)
  const run = () => steering.run(intervention)
  useCtrlEnter(run)
  const ofModel = dictionaries.filter(({ model }) => model === setup.model)
  // Edits of features belong to dictionaries of one model.
  const changeModel = (model: string) =>
    setSetup({ ...setup, model, edits: setup.edits.filter(({ edit }) => !isFeatureEdit(edit)) })
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <label className="flex min-w-0 items-center gap-1.5">
          <span className="text-ink-soft">Model</span>
          <Select value={setup.model} onChange={({ target }) => changeModel(target.value)}>
            {models.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
        </label>
        <PresetBar setup={setup} presets={presets} initialPreset={preset} onLoad={setSetup} />
        <div className="ml-auto flex flex-wrap items-center gap-2">
          <CopyAddress address={() => `${window.location.origin}/steer?${address.search}`} disabled={!address.complete}>
            Share
          </CopyAddress>
          <CodeMenu intervention={intervention} />
        </div>
      </div>
      {!address.complete && <p className="text-ink-soft text-small">{TOO_LONG}</p>}
      <SamplingBar sampling={setup.sampling} onChange={(sampling) => setSetup({ ...setup, sampling })} />
      <Edits
        setup={setup}
        model={models.find(({ name }) => name === setup.model)}
        dictionaries={ofModel}
        known={known}
        onChange={setSetup}
      />
      <PromptBox setup={setup} onChange={setSetup} busy={isBusy(steering)} onRun={run} onStop={steering.stop} />
      <Output steering={steering} />
    </div>
  )
}

const TOO_LONG =
  'These settings are too long for an address (a pasted vector is). Save them as a preset and share that.'
