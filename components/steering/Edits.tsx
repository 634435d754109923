'use client'

import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { ListedModel } from '../../lib/models/schema'
import type { AttachedDictionary } from '../../lib/catalog/schema'
import { Button } from '../ui/Button'
import { Panel } from '../ui/States'
import { AddFeature } from './AddFeature'
import { AddVector } from './AddVector'
import { EditRow } from './EditRow'
import { isFeatureEdit, withEdit, type EditDraft, type KnownFigures, type Setup } from '../../lib/steering/setup'
import { StrengthsField } from './StrengthsField'

/** The changes made inside the model. */
export function Edits({
  setup,
  model,
  dictionaries,
  known,
  onChange,
}: {
  setup: Setup
  model: ListedModel | undefined
  /** Dictionaries of the chosen model. */
  dictionaries: readonly AttachedDictionary[]
  known: readonly KnownFigures[]
  onChange: (setup: Setup) => void
}) {
  const [addsVector, setAddsVector] = useState(false)
  const { edits } = setup
  const replace = (draft: EditDraft) =>
    onChange({ ...setup, edits: edits.map((each) => (each.key === draft.key ? draft : each)) })
  return (
    <Panel
      title="Edits"
      actions={
        <Button look="quiet" aria-expanded={addsVector} onClick={() => setAddsVector(!addsVector)}>
          <Plus aria-hidden className="size-3.5" /> Add vector
        </Button>
      }
    >
      <div className="flex flex-col gap-2">
        {edits.length === 0 && (
          <p>
            <b className="font-medium">1.</b> Choose a feature. <b className="font-medium">2.</b> Press Run: the model
            continues the prompt twice, unchanged and with the feature added at every position.
          </p>
        )}
        {edits.length > 0 && (
          <ul aria-label="Edits" className="border-y">
            {edits.map((draft) => (
              <EditRow
                key={draft.key}
                draft={draft}
                dictionaries={dictionaries}
                known={known.find(
                  ({ dictionary, feature }) =>
                    isFeatureEdit(draft.edit) && dictionary === draft.edit.dictionary && feature === draft.edit.feature,
                )}
                onChange={replace}
                onRemove={() => onChange({ ...setup, edits: edits.filter(({ key }) => key !== draft.key) })}
              />
            ))}
          </ul>
        )}
        <AddFeature
          key={`feature of ${setup.model}`}
          dictionaries={dictionaries}
          onAdd={(edit) => onChange(withEdit(setup, edit))}
        />
        {addsVector && (
          <AddVector
            key={`vector of ${setup.model}`}
            hooks={model?.hooks ?? []}
            initialHook={dictionaries[0]?.hook}
            onAdd={(edit) => onChange(withEdit(setup, edit))}
            onClose={() => setAddsVector(false)}
          />
        )}
        {edits.length > 0 && (
          <StrengthsField strengths={setup.strengths} onChange={(strengths) => onChange({ ...setup, strengths })} />
        )}
      </div>
    </Panel>
  )
}
