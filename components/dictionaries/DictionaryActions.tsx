'use client'

import { Columns2, Download, ScanText, SlidersHorizontal } from 'lucide-react'
import Link from 'next/link'
import { DropdownMenu } from 'radix-ui'
import { RandomFeature } from '../features/RandomFeature'
import { buttonClass } from '../ui/Button'
import { MENU, MENU_ITEM } from '../ui/menu'

export interface ExportChoice {
  what: string
  format: string
}

/** What can be done with a dictionary. Without statistics, its features can be neither drawn nor exported. */
export function DictionaryActions({ id, exports }: { id: string; exports: readonly ExportChoice[] }) {
  return (
    <>
      {exports.length > 0 && <RandomFeature dictionary={id} />}
      <Link className={buttonClass()} href={`/prompt?dictionaries=${id}`}>
        <ScanText aria-hidden className="size-3.5" /> Prompt
      </Link>
      <Link className={buttonClass()} href={`/steer?dictionary=${id}`}>
        <SlidersHorizontal aria-hidden className="size-3.5" /> Steer
      </Link>
      <Link className={buttonClass()} href={`/compare?a=${id}`}>
        <Columns2 aria-hidden className="size-3.5" /> Compare
      </Link>
      {exports.length > 0 && <ExportMenu id={id} exports={exports} />}
    </>
  )
}

function ExportMenu({ id, exports }: { id: string; exports: readonly ExportChoice[] }) {
  const whats = [...new Set(exports.map(({ what }) => what))]
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className={buttonClass()}>
        <Download aria-hidden className="size-3.5" /> Export
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" sideOffset={4} collisionPadding={8} className={MENU}>
          {whats.map((what) => (
            <DropdownMenu.Group key={what}>
              <DropdownMenu.Label className="text-ink-soft text-small px-2 pt-1">
                {what === 'all' ? 'Everything at once' : what}
              </DropdownMenu.Label>
              <div className="flex">
                {exports
                  .filter((choice) => choice.what === what)
                  .map(({ format }) => (
                    <DropdownMenu.Item key={format} asChild className={MENU_ITEM}>
                      <a href={`/api/v1/dictionaries/${id}/export?what=${what}&format=${format}`} download>
                        {format}
                      </a>
                    </DropdownMenu.Item>
                  ))}
              </div>
            </DropdownMenu.Group>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
