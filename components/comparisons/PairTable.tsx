'use client'

import { useMemo, useState } from 'react'
import type { Comparison, MutualPair } from '../../lib/comparisons/schema'
import type { FeatureFigures } from '../../lib/features/schema'
import { FeatureName } from '../features/FeatureName'
import { DataTable, type Column } from '../table/DataTable'
import type { TableState } from '../table/useTableState'
import { Figure } from '../ui/definitions'
import { fixed, percent } from '../ui/format'
import { HoverLink } from '../ui/HoverLink'
import { Panel } from '../ui/States'

interface Pair extends MutualPair {
  ofA: FeatureFigures | undefined
  ofB: FeatureFigures | undefined
}

/** Features that are each other's best match, with figures of both. */
export function PairTable({ comparison: { a, b, pairs } }: { comparison: Comparison }) {
  const [sort, setSort] = useState<TableState['sort']>({ id: 'cosine', order: 'desc' })
  const state: TableState = { sort, setSort, hidden: [], setHidden: () => undefined }
  const rows = useMemo(() => {
    const [ofA, ofB] = [a, b].map(({ figures }) => new Map(figures.map((each) => [each.feature, each])))
    return pairs.map((pair): Pair => ({ ...pair, ofA: ofA!.get(pair.a), ofB: ofB!.get(pair.b) }))
  }, [a, b, pairs])
  const columns = useMemo(() => pairColumns(a.id, b.id), [a.id, b.id])
  return (
    <Panel title="Best pairs">
      {rows.length === 0 ? (
        <p className="text-ink-soft">No two features are each other’s best match.</p>
      ) : (
        <DataTable
          rows={rows}
          columns={columns}
          rowKey={(pair) => `${pair.a} ${pair.b}`}
          state={state}
          label="Best pairs of features"
          height="max-h-96"
        />
      )}
    </Panel>
  )
}

function pairColumns(a: string, b: string): Column<Pair>[] {
  const side = (which: 'a' | 'b', dictionary: string): Column<Pair>[] => {
    const figuresOf = (pair: Pair) => (which === 'a' ? pair.ofA : pair.ofB)
    const name = which.toUpperCase()
    return [
      {
        id: which,
        name: `feature of ${name}`,
        header: name,
        width: 80,
        sortBy: (pair) => pair[which],
        cell: (pair) => (
          <HoverLink
            href={`/dictionaries/${dictionary}/features/${pair[which]}`}
            className="text-accent font-mono text-small hover:underline"
          >
            #{pair[which]}
          </HoverLink>
        ),
      },
      {
        id: `${which}-name`,
        name: `what ${name} fires on`,
        header: `${name} fires on`,
        width: 180,
        grow: true,
        cell: (pair) => (figuresOf(pair) ? <FeatureName figures={figuresOf(pair)} /> : '–'),
      },
      {
        id: `${which}-density`,
        name: `density of ${name}`,
        header: <Figure of="density" />,
        width: 84,
        numeric: true,
        sortBy: (pair) => figuresOf(pair)?.density ?? null,
        cell: (pair) => percent(figuresOf(pair)?.density),
      },
    ]
  }
  return [
    {
      id: 'cosine',
      name: 'cosine',
      header: <Figure of="cosine" />,
      width: 80,
      numeric: true,
      sortBy: ({ cosine }) => cosine,
      cell: ({ cosine }) => fixed(cosine, 4),
    },
    ...side('a', a),
    ...side('b', b),
  ]
}
