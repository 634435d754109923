'use client'

import { parseAsFloat, useQueryState } from 'nuqs'
import useSWR from 'swr'
import type { ComparedSide, Comparison } from '../../lib/comparisons/schema'
import { api, ok } from '../api'
import { Bars } from '../charts/Bars'
import { Button } from '../ui/Button'
import { Figure } from '../ui/definitions'
import { Engine } from '../ui/Engine'
import { count, fixed, percent } from '../ui/format'
import { NumberInput } from '../ui/NumberInput'
import { Failure, Panel, Skeleton, type Problem } from '../ui/States'
import { Time } from '../ui/Time'
import { useSettled } from '../useSettled'
import { PairTable } from './PairTable'
import { UnmatchedList } from './UnmatchedList'

const SETTLE_MS = 250

/** Which features of two dictionaries point the same way. */
export function Matches({ a, b }: { a: string; b: string }) {
  const [typed, setThreshold] = useQueryState('threshold', parseAsFloat.withDefault(0.5))
  const threshold = Math.min(1, Math.max(0, typed))
  const settled = useSettled(threshold, SETTLE_MS)
  const { data, error, mutate, isValidating } = useSWR<Comparison, Problem>(
    ['/compare', a, b, settled],
    () => ok(api.GET('/api/v1/compare', { params: { query: { a, b, threshold: settled } } })),
    { keepPreviousData: true, revalidateOnFocus: false, shouldRetryOnError: false },
  )
  return (
    <>
      <Panel
        title="Best matches"
        actions={
          <label className="text-ink-soft flex items-center gap-1.5">
            the same from <Figure of="cosine">cosine</Figure>
            <NumberInput
              aria-label="Cosine from which two features count as the same"
              className="w-16 font-mono text-small"
              min={0}
              max={1}
              value={threshold}
              onValue={(value) => void setThreshold(value)}
            />
          </label>
        }
      >
        {error && (
          <Failure problem={error}>
            <Button className="mt-2" disabled={isValidating} onClick={() => void mutate()}>
              Try again
            </Button>
          </Failure>
        )}
        {!error && !data && (
          <>
            <p role="status" className="text-ink-soft mb-2">
              Comparing every feature with every other. The result is stored…
            </p>
            <Skeleton className="h-60" />
          </>
        )}
        {!error && data && <Ways comparison={data} />}
      </Panel>
      {!error && data && (
        <>
          <PairTable comparison={data} />
          <div className="grid gap-4 md:grid-cols-2">
            <UnmatchedList side={data.a} other={data.b} name="A" threshold={data.threshold} />
            <UnmatchedList side={data.b} other={data.a} name="B" threshold={data.threshold} />
          </div>
        </>
      )}
    </>
  )
}

function Ways({ comparison }: { comparison: Comparison }) {
  const { a, b, mutual, threshold, computedAt, engine } = comparison
  return (
    <>
      <div className="grid gap-4 md:grid-cols-2">
        <Way side={a} name="A" other="B" comparison={comparison} />
        <Way side={b} name="B" other="A" comparison={comparison} />
      </div>
      <p className="text-ink-soft text-small mt-2">
        {count(mutual)} features are each other’s best match at {fixed(threshold, 2)} or above. Computed{' '}
        <Time at={computedAt} /> on <Engine>{engine}</Engine>.
      </p>
    </>
  )
}

function Way({
  side,
  name,
  other,
  comparison: { edges, threshold },
}: {
  side: ComparedSide
  name: string
  other: string
  comparison: Comparison
}) {
  return (
    <div className="min-w-0">
      <p className="text-small mb-1">
        {count(side.matched)} of {count(side.features)} features of {name} are in {other} too (
        {percent(side.matched / side.features)}); mean cosine of the best match {fixed(side.meanCosine, 3)}
      </p>
      <Bars
        counts={side.histogram}
        edges={edges}
        label={`Features of ${name} by the cosine of their best match in ${other}`}
        xLabel="cosine of the best match"
        format={(value) => fixed(value, 2)}
        ticks={[{ at: threshold, name: 'same' }]}
      />
    </div>
  )
}
