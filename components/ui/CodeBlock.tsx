'use client'

import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { IconButton } from './Button'
import { cx } from './cx'

const SHOWN_MS = 1500

/** Text to copy: commands, requests, JSON. Long lines scroll, or break with `wrap`. */
export function CodeBlock({ text, label, wrap = false }: { text: string; label: string; wrap?: boolean }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [copied])
  const Icon = copied ? Check : Copy
  return (
    <div className="bg-surface flex min-w-0 items-start rounded border">
      <pre
        tabIndex={0}
        aria-label={label}
        className={cx(
          'min-w-0 flex-1 overflow-x-auto px-3 py-1.5 font-mono text-small',
          wrap && 'break-words whitespace-pre-wrap',
        )}
      >
        {text}
      </pre>
      <IconButton
        label={copied ? 'Copied' : `Copy ${label}`}
        onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
      >
        <Icon aria-hidden className="size-3.5" />
      </IconButton>
    </div>
  )
}
