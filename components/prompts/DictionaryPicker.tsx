'use client'

import { ChevronDown } from 'lucide-react'
import { Popover } from 'radix-ui'
import type { AttachedDictionary } from '../../lib/catalog/schema'
import { buttonClass } from '../ui/Button'
import { Checkbox } from '../ui/Field'
import { MENU } from '../ui/menu'

/** The limit of one request. */
const LIMIT = 8

/** Chooses the dictionaries that encode the text: several of one model. */
export function DictionaryPicker({
  dictionaries,
  chosen,
  onChoose,
}: {
  dictionaries: readonly AttachedDictionary[]
  chosen: readonly AttachedDictionary[]
  onChoose: (ids: string[]) => void
}) {
  const model = chosen[0]?.model
  const toggle = ({ id, model: newModel }: AttachedDictionary, on: boolean) => {
    // A dictionary of another model replaces all chosen ones.
    const kept = newModel === model ? chosen.map((each) => each.id) : []
    onChoose(on ? [...kept, id] : kept.filter((each) => each !== id))
  }
  return (
    <Popover.Root>
      <Popover.Trigger className={buttonClass()}>
        <span className="max-w-[60vw] truncate">
          {chosen.length === 1 ? chosen[0]!.name : `${chosen.length} dictionaries`}
        </span>
        <ChevronDown aria-hidden className="size-3.5" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content align="start" sideOffset={4} collisionPadding={8} aria-label="Dictionaries" className={MENU}>
          <ul className="flex max-h-80 flex-col gap-1 overflow-y-auto p-1">
            {dictionaries.map((dictionary) => {
              const on = chosen.includes(dictionary)
              const isFull = dictionary.model === model && chosen.length >= LIMIT
              return (
                <li key={dictionary.id}>
                  <Checkbox
                    label={
                      <span>
                        {dictionary.name} <span className="text-ink-soft text-small">{dictionary.model}</span>
                      </span>
                    }
                    checked={on}
                    disabled={on ? chosen.length === 1 : isFull}
                    onChange={({ target }) => toggle(dictionary, target.checked)}
                  />
                </li>
              )
            })}
          </ul>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
