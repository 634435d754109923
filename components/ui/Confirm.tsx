'use client'

import { AlertDialog } from 'radix-ui'
import type { ReactNode } from 'react'
import { Button, buttonClass } from './Button'

/** A button that asks before it does something that cannot be undone. */
export function Confirm({
  children,
  question,
  detail,
  yes,
  no,
  onYes,
  disabled,
}: {
  /** Text of the button. */
  children: ReactNode
  question: string
  detail: string
  yes: string
  no: string
  onYes: () => void
  disabled?: boolean
}) {
  return (
    <AlertDialog.Root>
      <AlertDialog.Trigger asChild>
        <Button disabled={disabled}>{children}</Button>
      </AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="bg-ink/30 fixed inset-0 z-40" />
        <AlertDialog.Content className="bg-raised shadow-float animate-fade fixed top-[24vh] left-1/2 z-50 w-[min(440px,92vw)] -translate-x-1/2 rounded border p-4">
          <AlertDialog.Title className="font-medium">{question}</AlertDialog.Title>
          <AlertDialog.Description className="text-ink-soft mt-1">{detail}</AlertDialog.Description>
          <div className="mt-4 flex justify-end gap-2">
            <AlertDialog.Cancel className={buttonClass('plain')}>{no}</AlertDialog.Cancel>
            <AlertDialog.Action className={buttonClass('danger')} onClick={onYes}>
              {yes}
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
