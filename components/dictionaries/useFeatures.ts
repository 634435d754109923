'use client'

import {
  parseAsArrayOf,
  parseAsBoolean,
  parseAsFloat,
  parseAsInteger,
  parseAsString,
  useQueryStates,
  type Values,
} from 'nuqs'
import { useCallback } from 'react'
import useSWRInfinite from 'swr/infinite'
import type { FeatureQuery } from '../../lib/features/querySchema'
import { api, ok } from '../api'
import type { Sort } from '../table/useTableState'
import type { Problem } from '../ui/States'
import { useSettled } from '../useSettled'

const FILTERS = {
  token: parseAsArrayOf(parseAsInteger).withDefault([]),
  label: parseAsString.withDefault(''),
  labelled: parseAsBoolean,
  from: parseAsFloat,
  to: parseAsFloat,
  live: parseAsBoolean.withDefault(false),
}

export type Filters = Values<typeof FILTERS>

/** The filters of the list, in the address; densities in percent. */
export function useFilters() {
  const [filters, set] = useQueryStates(FILTERS, { history: 'replace', scroll: false })
  const change = (changed: { [name in keyof Filters]?: Filters[name] | null }) => void set(changed)
  return { filters, change }
}

type SortName = FeatureQuery['sort']
const SORTS: readonly SortName[] = ['index', 'density', 'max', 'mean', 'label', 'match']

const PAGE = 100
const TYPING_MS = 200

function queryOf({ token, label, labelled, from, to, live }: Filters, { id, order }: Sort) {
  const known = SORTS.find((name) => name === id)
  const sort: SortName = known === undefined || (known === 'match' && token.length === 0) ? 'index' : known
  return {
    sort,
    order: known === sort ? order : ('asc' as const),
    limit: PAGE,
    ...(token.length > 0 && { token: token.join(',') }),
    ...(label.trim() && { label: label.trim() }),
    ...(labelled !== null && { labelled: String(labelled) }),
    ...(from !== null && { minDensity: share(from) }),
    ...(to !== null && { maxDensity: share(to) }),
    ...(live && { live: 'true' }),
  }
}

const share = (percent: number) => Math.min(1, Math.max(0, percent / 100))

/** Features that match, page by page as the reader scrolls. The old list stays until the new one has arrived. */
export function useFeatures(dictionary: string, filters: Filters, sort: Sort) {
  const query = useSettled(JSON.stringify(queryOf(filters, sort)), TYPING_MS)
  const { data, size, setSize, isValidating, ...answer } = useSWRInfinite(
    (page, before: Awaited<ReturnType<typeof fetchPage>> | null) =>
      before && !before.next ? null : ['features', dictionary, query, page === 0 ? null : before!.next],
    ([, id, search, after]: [string, string, string, string | null]) => fetchPage(id, search, after),
    { keepPreviousData: true, revalidateFirstPage: false, revalidateOnFocus: false },
  )
  const last = data?.at(-1)
  const hasMore = last?.next !== null && last !== undefined && data!.length === size
  const more = useCallback(() => {
    if (hasMore && !isValidating) void setSize((pages) => pages + 1)
  }, [hasMore, isValidating, setSize])
  return {
    features: data?.flatMap((page) => page.features),
    total: data?.[0]?.total,
    totalIsExact: data?.[0]?.totalIsExact ?? true,
    problem: answer.error as Problem | undefined,
    more,
  }
}

function fetchPage(id: string, query: string, after: string | null) {
  return ok(
    api.GET('/api/v1/dictionaries/{id}/features', {
      params: {
        path: { id },
        query: { ...(JSON.parse(query) as ReturnType<typeof queryOf>), ...(after !== null && { after }) },
      },
    }),
  )
}

export type ListedFeature = Awaited<ReturnType<typeof fetchPage>>['features'][number]
