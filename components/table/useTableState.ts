'use client'

import { parseAsArrayOf, parseAsString, useQueryStates } from 'nuqs'

export interface Sort {
  id: string
  order: 'asc' | 'desc'
}

/** A table's sorting and hidden columns, kept in the address. */
export interface TableState {
  sort: Sort
  setSort: (sort: Sort) => void
  hidden: readonly string[]
  setHidden: (hidden: readonly string[]) => void
}

/** @param initial the sorting when the address names none */
export function useTableState(initial: Sort): TableState {
  const [{ sort, hide }, set] = useQueryStates(
    { sort: parseAsString, hide: parseAsArrayOf(parseAsString).withDefault([]) },
    { history: 'replace', scroll: false },
  )
  return {
    sort: parseSort(sort) ?? initial,
    setSort: ({ id, order }) => void set({ sort: `${id}.${order}` }),
    hidden: hide,
    setHidden: (hidden) => void set({ hide: hidden.length > 0 ? [...hidden] : null }),
  }
}

function parseSort(text: string | null): Sort | undefined {
  const [id, order] = text?.split('.') ?? []
  return id && (order === 'asc' || order === 'desc') ? { id, order } : undefined
}
