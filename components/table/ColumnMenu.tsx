'use client'

import { Columns3 } from 'lucide-react'
import { Popover } from 'radix-ui'
import { Checkbox } from '../ui/Field'
import { buttonClass } from '../ui/Button'
import type { TableState } from './useTableState'

/** Which columns a table shows. */
export function ColumnMenu({
  columns,
  state: { hidden, setHidden },
}: {
  columns: readonly { id: string; name: string }[]
  state: TableState
}) {
  return (
    <Popover.Root>
      <Popover.Trigger className={buttonClass('quiet')}>
        <Columns3 aria-hidden className="size-3.5" /> Columns
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={4}
          className="bg-raised shadow-float animate-fade z-30 flex flex-col gap-1 rounded border p-3"
        >
          {columns.map(({ id, name }) => (
            <Checkbox
              key={id}
              label={name}
              checked={!hidden.includes(id)}
              onChange={({ target }) =>
                setHidden(target.checked ? hidden.filter((other) => other !== id) : [...hidden, id])
              }
            />
          ))}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
