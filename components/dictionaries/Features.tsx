'use client'

import { useMemo } from 'react'
import { ColumnMenu } from '../table/ColumnMenu'
import { DataTable } from '../table/DataTable'
import { useTableState } from '../table/useTableState'
import { count } from '../ui/format'
import { Empty, Failure, Skeleton } from '../ui/States'
import { featureColumns } from './featureColumns'
import { FeatureFilters } from './FeatureFilters'
import { useFeatures, useFilters } from './useFeatures'

/** All features of a dictionary as one table, however many there are. */
export function Features({ dictionary, features: known }: { dictionary: string; features: number }) {
  const { filters, change } = useFilters()
  const byToken = filters.token.length > 0
  const state = useTableState(byToken ? { id: 'match', order: 'desc' } : { id: 'index', order: 'asc' })
  const { features, total, totalIsExact, problem, more } = useFeatures(dictionary, filters, state.sort)
  const chooseTokens = (token: number[]) => {
    change({ token: token.length > 0 ? token : null })
    // Chosen tokens bring their own order; without tokens the list goes back to the order of indices.
    if (!byToken && token.length > 0) state.setSort({ id: 'match', order: 'desc' })
    if (token.length === 0 && state.sort.id === 'match') state.setSort({ id: 'index', order: 'asc' })
  }
  const columns = useMemo(() => featureColumns(dictionary, byToken), [dictionary, byToken])
  return (
    <section aria-labelledby="features-heading">
      <div className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-2">
        <h2 id="features-heading" className="font-medium">
          Features
        </h2>
        <span role="status" className="text-ink-soft">
          {shownCount(total ?? known, totalIsExact, known)}
        </span>
        <FeatureFilters dictionary={dictionary} filters={filters} change={change} onTokens={chooseTokens} />
        <div className="ml-auto">
          <ColumnMenu columns={columns.filter(({ id }) => id !== 'index')} state={state} />
        </div>
      </div>
      {problem && <Failure problem={problem} />}
      {!features && !problem && <Skeleton className="h-[60dvh]" />}
      {features?.length === 0 && (
        <Empty title="No feature matches">
          <button
            type="button"
            className="text-accent hover:underline"
            onClick={() => change({ token: null, label: null, labelled: null, from: null, to: null, live: null })}
          >
            Remove all filters
          </button>
        </Empty>
      )}
      {features && features.length > 0 && (
        <DataTable
          rows={features}
          columns={columns}
          rowKey={({ index }) => String(index)}
          href={({ index }) => `/dictionaries/${dictionary}/features/${index}`}
          state={state}
          label="Features"
          remote
          onEnd={more}
          height="h-[calc(100dvh-9rem)] min-h-80"
        />
      )}
    </section>
  )
}

function shownCount(total: number, isExact: boolean, known: number): string {
  if (!isExact) return `more than ${count(total)} of ${count(known)}`
  return total === known ? count(known) : `${count(total)} of ${count(known)}`
}
