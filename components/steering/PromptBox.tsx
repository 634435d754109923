'use client'

import { Play, Plus, Square, X } from 'lucide-react'
import { Button, IconButton } from '../ui/Button'
import { Checkbox, Select, TextArea } from '../ui/Field'
import { Panel } from '../ui/States'
import { EXAMPLE_PROMPTS, type ChatMessage, type Setup } from '../../lib/steering/setup'

/** The prompt: a text, or the messages of a chat. */
export function PromptBox({
  setup,
  onChange,
  busy,
  onRun,
  onStop,
}: {
  setup: Setup
  onChange: (setup: Setup) => void
  busy: boolean
  onRun: () => void
  onStop: () => void
}) {
  const { prompt, chat } = setup
  const toggleChat = (on: boolean) =>
    onChange(
      on
        ? { ...setup, chat: [{ role: 'user', content: prompt }] }
        : { ...setup, chat: null, prompt: chat?.findLast(({ role }) => role === 'user')?.content ?? prompt },
    )
  return (
    <Panel
      title={chat ? 'Chat' : 'Prompt'}
      actions={<Checkbox label="Chat" checked={chat !== null} onChange={({ target }) => toggleChat(target.checked)} />}
    >
      <div className="flex flex-col gap-2">
        {chat ? (
          <Messages chat={chat} onChange={(messages) => onChange({ ...setup, chat: messages })} />
        ) : (
          <TextArea
            aria-label="Prompt"
            rows={2}
            value={prompt}
            onChange={({ target }) => onChange({ ...setup, prompt: target.value })}
            placeholder="A text for the model to continue"
          />
        )}
        <div className="flex flex-wrap items-center gap-2">
          {busy ? (
            <Button look="danger" onClick={onStop}>
              <Square aria-hidden className="size-3.5" /> Stop
            </Button>
          ) : (
            <Button look="primary" onClick={onRun} aria-keyshortcuts="Control+Enter">
              <Play aria-hidden className="size-3.5" /> Run
            </Button>
          )}
          <span className="text-ink-soft text-small max-sm:hidden">Ctrl-Enter</span>
          {!chat && (
            <Select
              aria-label="Example prompts"
              className="text-ink-soft ml-auto w-48 min-w-0"
              value=""
              onChange={({ target }) => onChange({ ...setup, prompt: target.value })}
            >
              <option value="" disabled>
                Example prompts
              </option>
              {EXAMPLE_PROMPTS.map((example) => (
                <option key={example}>{example}</option>
              ))}
            </Select>
          )}
        </div>
      </div>
    </Panel>
  )
}

const ROLES: ChatMessage['role'][] = ['system', 'user', 'assistant']

function Messages({ chat, onChange }: { chat: ChatMessage[]; onChange: (chat: ChatMessage[]) => void }) {
  const replace = (at: number, message: ChatMessage) => onChange(chat.map((each, i) => (i === at ? message : each)))
  const last = chat.at(-1)
  return (
    <>
      {chat.map((message, at) => (
        <div key={at} className="flex items-start gap-2">
          <Select
            aria-label={`Author of message ${at + 1}`}
            value={message.role}
            onChange={({ target }) => replace(at, { ...message, role: target.value as ChatMessage['role'] })}
          >
            {ROLES.map((role) => (
              <option key={role}>{role}</option>
            ))}
          </Select>
          <TextArea
            aria-label={`Message ${at + 1}`}
            rows={1}
            className="min-h-8!"
            value={message.content}
            onChange={({ target }) => replace(at, { ...message, content: target.value })}
          />
          {chat.length > 1 && (
            <IconButton label={`Remove message ${at + 1}`} onClick={() => onChange(chat.filter((_, i) => i !== at))}>
              <X aria-hidden className="size-4" />
            </IconButton>
          )}
        </div>
      ))}
      <div>
        <Button
          look="quiet"
          onClick={() => onChange([...chat, { role: last?.role === 'user' ? 'assistant' : 'user', content: '' }])}
        >
          <Plus aria-hidden className="size-3.5" /> Message
        </Button>
      </div>
    </>
  )
}
