'use client'

import { Command } from 'cmdk'
import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { onOpenCommandBox } from './commandBoxEvents'
import { useCommandTargets, type Target } from './useCommandTargets'

const ITEM =
  'data-[selected=true]:bg-accent-soft flex cursor-pointer items-baseline gap-2 rounded px-2 py-1.5 data-[selected=true]:text-accent'

/** Opens with `/` or Ctrl-K and goes to a feature (by number, token or label), a dictionary or a page. */
export function CommandBox({ pages }: { pages: readonly Target[] }) {
  const [open, setOpen] = useState(false)
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState('')
  const router = useRouter()
  useEffect(() => onOpenCommandBox(() => setOpen(true)), [])
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const slash = event.key === '/' && !isTyping(event.target)
      const k = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)
      if (!slash && !k) return
      event.preventDefault()
      setOpen(true)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  const { groups, loading } = useCommandTargets(text, open, pages)
  const known = groups.flatMap(({ targets }) => targets.map(({ href }) => href))
  const go = (href: string) => {
    setOpen(false)
    setText('')
    router.push(href)
  }
  return (
    <Command.Dialog
      open={open}
      onOpenChange={setOpen}
      label="Go to a feature, a dictionary or a page"
      shouldFilter={false}
      value={known.includes(chosen) ? chosen : (known[0] ?? '')}
      onValueChange={setChosen}
      overlayClassName="fixed inset-0 z-40 bg-ink/30"
      contentClassName="bg-raised shadow-float animate-fade fixed top-[12vh] left-1/2 z-50 w-[min(640px,94vw)] -translate-x-1/2 rounded border"
    >
      <Command.Input
        value={text}
        onValueChange={(typed) => {
          setText(typed)
          setChosen('')
        }}
        placeholder="A feature’s number, a token, a label, a page…"
        className="h-11 w-full border-b bg-transparent px-3 outline-none"
      />
      <Command.List className="h-[min(26rem,60vh)] overflow-y-auto p-1">
        {groups.length === 0 && (
          <p role="status" className="text-ink-soft px-2 py-2">
            {loading ? 'Looking…' : 'No match.'}
          </p>
        )}
        {groups.map(({ heading, targets }) => (
          <Command.Group
            key={heading.split(' ')[0]}
            heading={heading}
            className="[&_[cmdk-group-heading]]:text-ink-soft [&_[cmdk-group-heading]]:text-small [&_[cmdk-group-heading]]:truncate [&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1"
          >
            {targets.map(({ href, name, note }) => (
              <Command.Item key={href} value={href} onSelect={() => go(href)} className={ITEM}>
                <span className="max-w-[75%] shrink-0 truncate">{name}</span>
                {note && <span className="text-ink-soft text-small ml-auto min-w-0 truncate">{note}</span>}
              </Command.Item>
            ))}
          </Command.Group>
        ))}
      </Command.List>
      <p className="text-ink-soft text-small flex gap-4 border-t px-3 py-1.5 max-sm:hidden">
        <span>↑ ↓ choose</span>
        <span>↵ go</span>
        <span>esc close</span>
      </p>
    </Command.Dialog>
  )
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}
