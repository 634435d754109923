'use client'

import { Download, ScanText, SlidersHorizontal } from 'lucide-react'
import Link from 'next/link'
import { DropdownMenu } from 'radix-ui'
import { buttonClass } from '../ui/Button'
import { MENU, MENU_ITEM } from '../ui/menu'

/** What can be done with a feature. */
export function FeatureActions({ dictionary, feature }: { dictionary: string; feature: number }) {
  const file = `/api/v1/dictionaries/${dictionary}/features/${feature}`
  return (
    <>
      <Link className={buttonClass('primary')} href={`/steer?dictionary=${dictionary}&feature=${feature}`}>
        <SlidersHorizontal aria-hidden className="size-3.5" /> Steer
      </Link>
      <Link className={buttonClass()} href={`/prompt?dictionaries=${dictionary}&pin=${dictionary}:${feature}`}>
        <ScanText aria-hidden className="size-3.5" /> Prompt
      </Link>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger className={buttonClass()}>
          <Download aria-hidden className="size-3.5" /> Export
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content align="end" sideOffset={4} collisionPadding={8} className={MENU}>
            <DropdownMenu.Item asChild className={MENU_ITEM}>
              <a href={file} download={`feature-${feature}.json`}>
                This page as JSON
              </a>
            </DropdownMenu.Item>
            <DropdownMenu.Item asChild className={MENU_ITEM}>
              <a href={`${file}?full=true&examples=50`} download={`feature-${feature}-contexts.json`}>
                All examples with whole contexts, as JSON
              </a>
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
    </>
  )
}
