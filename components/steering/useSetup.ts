'use client'

import { useEffect, useMemo, useState } from 'react'
import { encodeSetup, SETUP_KEYS, type Address } from './address'
import type { Setup } from './setup'

/** Time without a change after which the address follows. */
const SETTLE_MS = 300

/** The page's settings, which the address follows. */
export function useSetup(initial: Setup): { setup: Setup; setSetup: (setup: Setup) => void; address: Address } {
  const [setup, setSetup] = useState(initial)
  const address = useMemo(() => encodeSetup(setup), [setup])
  useEffect(() => {
    // The address one came by stays until something is changed.
    if (setup === initial) return
    const timer = setTimeout(() => {
      const query = new URLSearchParams(address.search)
      for (const [key, value] of new URLSearchParams(window.location.search)) if (!isOurs(key)) query.append(key, value)
      const search = query.toString()
      window.history.replaceState(null, '', `${window.location.pathname}${search && `?${search}`}`)
    }, SETTLE_MS)
    return () => clearTimeout(timer)
  }, [setup, initial, address])
  return { setup, setSetup, address }
}

/** Keys that stand for settings, also those by which one came: they give way to the settings themselves. */
const isOurs = (key: string) =>
  ([...SETUP_KEYS, 'preset', 'kept', 'dictionary', 'feature'] as readonly string[]).includes(key)
