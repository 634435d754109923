'use client'

import { Code } from 'lucide-react'
import { Popover, Tabs } from 'radix-ui'
import type { Intervention } from '../../trainer/steering/intervention'
import { Button, buttonClass } from '../ui/Button'
import { CodeBlock } from '../ui/CodeBlock'
import { SNIPPETS } from './snippets'

/** The current intervention as JSON or as a program, to read and to copy. */
export function CodeMenu({ intervention }: { intervention: Intervention }) {
  return (
    <Popover.Root>
      <Popover.Trigger className={buttonClass()}>
        <Code aria-hidden className="size-3.5" /> Copy as
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={4}
          collisionPadding={8}
          aria-label="Copy as"
          className="bg-raised shadow-float animate-fade z-30 w-[min(40rem,94vw)] rounded border"
        >
          <Snippets intervention={intervention} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

/** A separate component, so that the snippets are written only when the menu is open. */
function Snippets({ intervention }: { intervention: Intervention }) {
  return (
    <Tabs.Root defaultValue="json">
      <div className="flex border-b p-1">
        <Tabs.List aria-label="Language" className="flex gap-1">
          {Object.entries(SNIPPETS).map(([key, { name }]) => (
            <Tabs.Trigger
              key={key}
              value={key}
              className="text-ink-soft data-[state=active]:bg-accent-soft data-[state=active]:text-accent h-7 rounded px-2.5"
            >
              {name}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        <Popover.Close asChild>
          <Button look="quiet" className="ml-auto">
            Close
          </Button>
        </Popover.Close>
      </div>
      {Object.entries(SNIPPETS).map(([key, { name, write }]) => (
        <Tabs.Content key={key} value={key} className="max-h-[60vh] overflow-y-auto p-2">
          <CodeBlock text={write(intervention, window.location.origin)} label={name} />
        </Tabs.Content>
      ))}
    </Tabs.Root>
  )
}
