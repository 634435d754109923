'use client'

import type { SteerPage } from '../../lib/steering/view'
import { Select } from '../ui/Field'
import { useCtrlEnter } from '../ui/useCtrlEnter'
import { CopyAddress } from '../ui/CopyAddress'
import { Edits } from './Edits'
import { CodeMenu } from './CodeMenu'
import { Output } from './Output'
import { PresetBar } from './PresetBar'
import { PromptBox } from './PromptBox'
import { SamplingBar } from './SamplingBar'
import { isFeatureEdit, toIntervention } from '../../lib/steering/setup'
import { useSetup } from './useSetup'
import { isBusy, useSteering } from './useSteering'

/** The workbench of the page "Steer". */
export function SteerWorkbench({ initial }: { initial: SteerPage }) {
  const { models, dictionaries, presets, preset, known } = initial
  const { setup, setSetup, address } = useSetup(initial.setup)
  const steering = useSteering()
  const intervention = toIntervention(setup)
  const run = () => steering.run(intervention)
  useCtrlEnter(run)
  const modelDictionaries = dictionaries.filter(({ model }) => model === setup.model)
  // A feature edit belongs to a dictionary of one model.
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
        dictionaries={modelDictionaries}
        known={known}
        onChange={setSetup}
      />
      <PromptBox setup={setup} onChange={setSetup} busy={isBusy(steering)} onRun={run} onStop={steering.stop} />
      <Output steering={steering} />
    </div>
  )
}

const TOO_LONG =
  'These settings are too long for an address, because of a pasted vector. Save them as a preset and share the preset.'
