'use client'

import { Check, Link2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from './Button'

/** Copies an address to the clipboard and says so. Where the browser refuses, shows the address to copy by hand. */
export function CopyAddress({
  address,
  disabled,
  children,
}: {
  address: () => string
  disabled?: boolean
  children: string
}) {
  const [copied, setCopied] = useState<boolean>()
  const copy = () =>
    navigator.clipboard.writeText(address()).then(
      () => {
        setCopied(true)
        setTimeout(() => setCopied(undefined), 2000)
      },
      () => setCopied(false),
    )
  const Icon = copied ? Check : Link2
  return (
    <>
      <Button disabled={disabled} onClick={() => void copy()}>
        <Icon aria-hidden className="size-3.5" />
        <span role="status">{copied ? 'Address copied' : children}</span>
      </Button>
      {copied === false && <span className="text-small font-mono break-all">{address()}</span>}
    </>
  )
}
