'use client'

import { useMemo, type ReactNode } from 'react'
import { FeatureName } from '../features/FeatureName'
import { TokenLegend, TokenText } from '../tokens/TokenText'
import { visible } from '../tokens/visible'
import { Select } from '../ui/Field'
import { number } from '../ui/format'
import { Toggle } from '../ui/Toggle'
import { FeatureRows } from './FeatureRows'
import { byFeature, byToken, type Firing } from './rank'
import { TokenRows } from './TokenRows'
import type { Encoded } from './useEncoded'
import type { Pin, usePromptState } from './usePromptState'

/** The text, coloured by the pinned feature, and the list of its features by token or by feature. */
export function EncodedText({
  encoded,
  pin,
  state,
}: {
  encoded: Encoded
  pin: Pin | null
  state: ReturnType<typeof usePromptState>
}) {
  const { group, rank, order, set, setPin } = state
  const { tokens, counted, dictionaries } = encoded
  const firings = useMemo(() => byToken(dictionaries, rank), [dictionaries, rank])
  const features = useMemo(() => byFeature(firings, counted, order), [firings, counted, order])
  return (
    <>
      <ColouredText encoded={encoded} firings={firings} pin={pin} />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <span role="group" aria-label="Group" className="flex items-center gap-1">
          <Toggle on={group === 'token'} title="One row for each token" onChange={() => void set({ group: 'token' })}>
            by token
          </Toggle>
          <Toggle
            on={group === 'feature'}
            title="One row for each feature of the text"
            onChange={() => void set({ group: 'feature' })}
          >
            by feature
          </Toggle>
        </span>
        {group === 'token' ? (
          <Choice
            label="Strongest by"
            value={rank}
            options={{ share: 'share of the feature’s maximum', value: 'activation' }}
            onChange={(rank) => void set({ rank })}
          />
        ) : (
          <Choice
            label="Order by"
            value={order}
            options={{ max: 'largest share of its maximum', sum: 'sum over the text, in maxima' }}
            onChange={(order) => void set({ order })}
          />
        )}
      </div>
      {group === 'token' ? (
        <TokenRows tokens={tokens} counted={counted} firings={firings} pin={pin} onPin={setPin} />
      ) : (
        <FeatureRows features={features} pin={pin} onPin={setPin} />
      )}
    </>
  )
}

function Choice<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  label: string
  value: T
  options: Record<T, string>
  onChange: (value: T) => void
}) {
  return (
    <label className="flex items-center gap-1.5">
      <span className="text-ink-soft">{label}</span>
      <Select value={value} onChange={({ target }) => onChange(target.value as T)}>
        {Object.entries<string>(options).map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </Select>
    </label>
  )
}

function ColouredText({
  encoded: { tokens, features, dictionaries },
  firings,
  pin,
}: {
  encoded: Encoded
  firings: readonly (readonly Firing[])[]
  pin: Pin | null
}) {
  // The text has no colours until the values of a newly pinned feature arrive.
  const values = features.find((each) => each.feature === pin?.feature && each.dictionary === pin.dictionary)?.values
  const figures = dictionaries
    .find(({ id }) => id === pin?.dictionary)
    ?.figures.find(({ feature }) => feature === pin?.feature)
  const max = figures?.maxActivation ?? Math.max(0, ...(values ?? []))
  const shown = useMemo(
    () => tokens.map(({ text }, at) => ({ text, ...(values && { value: values[at] ?? 0 }) })),
    [tokens, values],
  )
  return (
    <section aria-label="The text" className="rounded border">
      <p className="text-ink-soft text-small flex min-h-8 flex-wrap items-center gap-x-3 border-b px-3 py-1">
        {pin ? (
          <>
            <span>
              coloured by <b className="text-ink font-mono font-medium">#{pin.feature}</b>{' '}
              <FeatureName figures={figures} />
            </span>
            <TokenLegend max={max} />
          </>
        ) : (
          'Click a feature below to colour the text by it.'
        )}
      </p>
      <TokenText
        tokens={shown}
        max={max}
        breakLines
        label="The text, token by token"
        className="px-3 py-2"
        readout={({ text, value }, at) => <Readout text={text} value={value} pin={pin} firings={firings[at] ?? []} />}
      />
    </section>
  )
}

const IN_READOUT = 5

function Readout(props: { text: string; value?: number | undefined; pin: Pin | null; firings: readonly Firing[] }) {
  const { text, value, pin, firings } = props
  return (
    <div className="text-small">
      <p className="font-mono">
        {visible(text)}{' '}
        {pin && value !== undefined && (
          <Pinned>
            #{pin.feature} {number(value)}
          </Pinned>
        )}
      </p>
      <ul className="mt-1">
        {firings.slice(0, IN_READOUT).map(({ dictionary, feature, value: activation, figures }) => (
          <li key={`${dictionary}:${feature}`} className="flex gap-2 font-mono">
            <span>#{feature}</span>
            <span className="min-w-0 truncate font-sans">
              <FeatureName figures={figures} tokens={2} />
            </span>
            <span className="ml-auto">{number(activation)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Pinned({ children }: { children: ReactNode }) {
  return <b className="text-accent font-medium">{children}</b>
}
