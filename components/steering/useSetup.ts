'use client'

import { useEffect, useMemo, useState } from 'react'
import { encodeSetup, SETUP_KEYS, type Address } from '../../lib/steering/address'
import type { Setup } from '../../lib/steering/setup'

/** The address is updated after this time without a change. */
const SETTLE_MS = 300

/** The settings of the page, mirrored in its address. */
export function useSetup(initial: Setup): { setup: Setup; setSetup: (setup: Setup) => void; address: Address } {
  const [setup, setSetup] = useState(initial)
  const address = useMemo(() => encodeSetup(setup), [setup])
  useEffect(() => {
    // The original address stays until a setting changes.
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

/** Keys that are replaced: of settings, and of the links that lead here. */
const isOurs = (key: string) =>
  ([...SETUP_KEYS, 'preset', 'kept', 'dictionary', 'feature'] as readonly string[]).includes(key)
