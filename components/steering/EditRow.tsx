'use client'

import { X } from 'lucide-react'
import Link from 'next/link'
import type { FeatureFigures } from '../../lib/features/schema'
import type { AttachedDictionary } from '../../lib/catalog/schema'
import type { Edit, FeatureEdit, Positions } from '../../trainer/steering/intervention'
import { FeatureName } from '../features/FeatureName'
import { IconButton } from '../ui/Button'
import { Figure } from '../ui/definitions'
import { Select } from '../ui/Field'
import { number } from '../ui/format'
import { NumberInput } from '../ui/NumberInput'
import { cx } from '../ui/cx'
import { isFeatureEdit, type EditDraft } from '../../lib/steering/setup'
import { strengthScale, toShown, toStrength, withMode } from './strength'
import { useFeatureFigures } from './useFeatureFigures'

const MODES: Record<FeatureEdit['mode'], string> = {
  add: 'add',
  scale: 'scale',
  set: 'set to',
  ablate: 'ablate',
}

/** One edit: its subject, mode, strength and positions. */
export function EditRow({
  draft,
  dictionaries,
  known,
  onChange,
  onRemove,
}: {
  draft: EditDraft
  dictionaries: readonly AttachedDictionary[]
  known: FeatureFigures | undefined
  onChange: (draft: EditDraft) => void
  onRemove: () => void
}) {
  const { edit, off } = draft
  const dictionary = isFeatureEdit(edit) ? dictionaryOf(dictionaries, edit.dictionary) : undefined
  const figures = useFeatureFigures(dictionary?.id, isFeatureEdit(edit) ? edit.feature : 0, known)
  const name = isFeatureEdit(edit) ? `feature ${edit.feature}` : `vector at ${edit.hook}`
  const change = (next: Edit) => onChange({ ...draft, edit: next })
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-b py-2 last:border-b-0">
      <input
        type="checkbox"
        className="accent-accent size-3.5"
        aria-label={`Use ${name}`}
        checked={!off}
        onChange={({ target }) => onChange({ ...draft, off: !target.checked })}
      />
      <span className={cx('min-w-0 basis-44 truncate max-sm:flex-1', off && 'opacity-60')}>
        {isFeatureEdit(edit) ? (
          <Subject edit={edit} dictionary={dictionary} figures={figures} />
        ) : (
          <span className="font-mono text-small">vector · {edit.hook}</span>
        )}
      </span>
      <div
        className={cx(
          'flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1.5 max-sm:order-last max-sm:basis-full sm:flex-1',
          off && 'opacity-60',
        )}
      >
        {isFeatureEdit(edit) ? (
          <Select
            aria-label={`Mode of ${name}`}
            value={edit.mode}
            onChange={({ target }) =>
              change(withMode(edit, target.value as FeatureEdit['mode'], figures?.maxActivation))
            }
          >
            {Object.entries(MODES).map(([mode, text]) => (
              <option key={mode} value={mode}>
                {text}
              </option>
            ))}
          </Select>
        ) : (
          <span className="text-ink-soft">add</span>
        )}
        {edit.mode !== 'ablate' && (
          <Strength edit={edit} name={name} maximum={figures?.maxActivation} onChange={change} />
        )}
        <PositionsField name={name} value={edit.positions} onChange={(positions) => change({ ...edit, positions })} />
      </div>
      <IconButton label={`Remove ${name}`} onClick={onRemove} className="ml-auto">
        <X aria-hidden className="size-4" />
      </IconButton>
    </li>
  )
}

/** A preset may name a dictionary by its id. */
function dictionaryOf(dictionaries: readonly AttachedDictionary[], nameOrId: string): AttachedDictionary | undefined {
  return dictionaries.find(({ id, name }) => name === nameOrId || id === nameOrId)
}

function Subject({
  edit,
  dictionary,
  figures,
}: {
  edit: FeatureEdit
  dictionary: AttachedDictionary | undefined
  figures: FeatureFigures | undefined
}) {
  const number = <span className="font-mono">#{edit.feature}</span>
  const label = figures?.label ?? ''
  if (!dictionary)
    return (
      <>
        {number} of {edit.dictionary}
      </>
    )
  return (
    <Link
      href={`/dictionaries/${dictionary.id}/features/${edit.feature}`}
      title={`${label ? `${label}, ` : ''}feature ${edit.feature} of ${dictionary.name}`}
      className="text-accent hover:underline"
    >
      {number} <FeatureName figures={figures} />
    </Link>
  )
}

function Strength({
  edit,
  name,
  maximum,
  onChange,
}: {
  edit: Edit
  name: string
  maximum: number | undefined
  onChange: (edit: Edit) => void
}) {
  const scale = strengthScale(edit, maximum)
  const strength = edit.strength ?? 0
  const shown = toShown(strength, scale)
  const set = (value: number) => onChange({ ...edit, strength: toStrength(value, scale) })
  return (
    <span className="flex min-w-0 items-center gap-2">
      <input
        type="range"
        aria-label={`Strength of ${name}, slider`}
        className="accent-accent w-28 min-w-16 sm:w-40"
        min={scale.min}
        max={scale.max}
        step={scale.step}
        value={shown}
        onChange={({ target }) => set(target.valueAsNumber)}
      />
      <NumberInput aria-label={`Strength of ${name}`} value={shown} onValue={set} className="w-16 text-right" />
      <span className="text-small whitespace-nowrap">
        {scale.name === '× usual max' ? <Figure of="strength">{scale.name}</Figure> : scale.name}
        {scale.unit !== 1 && <span className="text-ink-soft font-mono"> = {number(strength)}</span>}
      </span>
    </span>
  )
}

const POSITIONS = { all: 'all positions', prompt: 'the prompt', generated: 'generated', range: 'a range' }

function PositionsField({
  name,
  value,
  onChange,
}: {
  name: string
  value: Positions
  onChange: (positions: Positions) => void
}) {
  const [from, to] = typeof value === 'string' ? [0, 1] : value
  return (
    <span className="flex items-center gap-1.5">
      <Select
        aria-label={`Positions of ${name}`}
        value={typeof value === 'string' ? value : 'range'}
        onChange={({ target }) =>
          onChange(target.value === 'range' ? [0, 10] : (target.value as Exclude<Positions, unknown[]>))
        }
      >
        {Object.entries(POSITIONS).map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </Select>
      {typeof value !== 'string' && (
        <>
          <NumberInput
            value={from}
            min={0}
            integer
            className="w-14"
            aria-label={`First position of ${name}`}
            onValue={(first) => onChange([first, to])}
          />
          <span className="text-ink-soft">up to but not</span>
          <NumberInput
            value={to}
            min={0}
            integer
            className="w-14"
            aria-label={`Position after the last of ${name}`}
            onValue={(end) => onChange([from, end])}
          />
        </>
      )}
    </span>
  )
}
