'use client'

import { History, Pencil } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { Popover } from 'radix-ui'
import { useState, useTransition } from 'react'
import type { Label } from '../../lib/features/schema'
import { api, ok } from '../api'
import { Button, IconButton, iconButtonClass } from '../ui/Button'
import { Input } from '../ui/Field'
import type { Problem } from '../ui/States'
import { Time } from '../ui/Time'
import { cx } from '../ui/cx'

/** The label of the feature, editable in place, with its earlier labels. */
export function LabelTitle({
  dictionary,
  feature,
  label,
  history,
}: {
  dictionary: string
  feature: number
  label: string | null
  history: readonly Label[]
}) {
  const [draft, setDraft] = useState<string>()
  if (draft !== undefined) {
    return (
      <LabelEditor
        dictionary={dictionary}
        feature={feature}
        draft={draft}
        setDraft={setDraft}
        hadLabel={label !== null}
      />
    )
  }
  return (
    <span className="flex min-w-0 items-center gap-1">
      <span className="text-ink-soft font-mono font-normal">#{feature}</span>{' '}
      <span className={cx('mx-1 min-w-0 break-words', label === null && 'text-ink-soft font-normal italic')}>
        {label ?? 'unlabelled'}
      </span>
      <IconButton label={label === null ? 'Give it a label' : 'Change the label'} onClick={() => setDraft(label ?? '')}>
        <Pencil aria-hidden className="size-3.5" />
      </IconButton>
      {history.length > 0 && <LabelHistory history={history} />}
    </span>
  )
}

function LabelEditor({
  dictionary,
  feature,
  draft,
  setDraft,
  hadLabel,
}: {
  dictionary: string
  feature: number
  draft: string
  setDraft: (draft: string | undefined) => void
  hadLabel: boolean
}) {
  const router = useRouter()
  const [problem, setProblem] = useState<Problem>()
  const [saving, startSaving] = useTransition()
  const save = () =>
    startSaving(async () => {
      try {
        const path = { id: dictionary, index: feature }
        await ok(
          api.PUT('/api/v1/dictionaries/{id}/features/{index}/label', { params: { path }, body: { text: draft } }),
        )
        router.refresh()
        setDraft(undefined)
      } catch (error) {
        setProblem(error as Problem)
      }
    })
  return (
    <span className="text-base flex flex-wrap items-center gap-2 font-normal">
      <span className="text-ink-soft text-large font-mono">#{feature}</span>
      <Input
        autoFocus
        aria-label={`Label of feature ${feature}`}
        className="w-[min(28rem,60vw)]"
        value={draft}
        maxLength={500}
        placeholder={hadLabel ? 'Empty: take the label away' : 'What does it fire on?'}
        onChange={({ target }) => setDraft(target.value)}
        onKeyDown={({ key }) => {
          if (key === 'Enter') save()
          if (key === 'Escape') setDraft(undefined)
        }}
      />
      <Button look="primary" onClick={save} disabled={saving || (draft.trim() === '' && !hadLabel)}>
        {draft.trim() === '' && hadLabel ? 'Remove' : 'Save'}
      </Button>
      <Button look="quiet" onClick={() => setDraft(undefined)}>
        Cancel
      </Button>
      {problem && (
        <span role="alert" className="text-danger">
          {problem.message} {problem.remedy}
        </span>
      )}
    </span>
  )
}

function LabelHistory({ history }: { history: readonly Label[] }) {
  return (
    <Popover.Root>
      <Popover.Trigger className={iconButtonClass()} aria-label="What it has been called">
        <History aria-hidden className="size-3.5" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          sideOffset={4}
          collisionPadding={8}
          aria-label="History of the label"
          className="bg-raised shadow-float animate-fade z-50 max-h-80 w-96 max-w-[92vw] overflow-y-auto rounded border p-3"
        >
          <ol className="flex flex-col gap-2">
            {history.map(({ text, author, createdAt }) => (
              <li key={createdAt}>
                <p className={cx('break-words', text === '' && 'text-ink-soft italic')}>{text || 'label taken away'}</p>
                <p className="text-ink-soft text-small">
                  {author}, <Time at={createdAt} />
                </p>
              </li>
            ))}
          </ol>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
