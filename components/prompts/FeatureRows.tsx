'use client'

import { useState } from 'react'
import { Button } from '../ui/Button'
import { number } from '../ui/format'
import { FeatureChip } from './FeatureChip'
import type { TextFeature } from './rank'
import type { Pin } from './usePromptState'

const ROWS = 100

/** One row for each feature: how strongly it fires on the text, and where. */
export function FeatureRows({
  features,
  pin,
  onPin,
}: {
  features: readonly TextFeature[]
  pin: Pin | null
  onPin: (pin: Pin | null) => void
}) {
  const [rows, setRows] = useState(ROWS)
  return (
    <>
      <ol aria-label="Features that fire on the text" className="rounded border">
        {features.slice(0, rows).map((each) => {
          const { dictionary, feature, figures, max, sum, values } = each
          return (
            <li
              key={`${dictionary}:${feature}`}
              className="flex items-center gap-x-3 gap-y-1 border-b px-3 py-1.5 last:border-b-0 max-sm:flex-wrap"
            >
              <span className="w-56 shrink-0">
                <FeatureChip
                  firing={{ dictionary, feature, figures, value: max }}
                  pinned={pin?.feature === feature && pin.dictionary === dictionary}
                  onPin={onPin}
                />
              </span>
              <span className="text-ink-soft text-small w-24 shrink-0 font-mono">sum {number(sum)}</span>
              <Strip values={values} max={figures?.maxActivation ?? max} label={`Where feature ${feature} fires`} />
            </li>
          )
        })}
      </ol>
      {features.length > rows && (
        <Button className="mt-2" onClick={() => setRows(rows + ROWS)}>
          Show {Math.min(ROWS, features.length - rows)} of {features.length - rows} more features
        </Button>
      )}
    </>
  )
}

/** The text as a strip: a bar at each token where the feature fires, with its share of the maximum as height. */
function Strip({ values, max, label }: { values: readonly number[]; max: number; label: string }) {
  const height = 16
  return (
    <svg
      viewBox={`0 0 ${values.length} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
      className="h-4 min-w-24 flex-1 border-b"
      style={{ maxWidth: values.length * 8 }}
    >
      {values.map((value, at) => {
        if (value === 0) return null
        const size = Math.max(1, Math.min(1, value / max) * height)
        return <rect key={at} x={at} y={height - size} width={0.85} height={size} className="fill-accent" />
      })}
    </svg>
  )
}
