/** Results of the suite as they were stored, with what defines their figures. */
import type { Row, SuiteDefinition, TableDefinition } from '../../trainer/evaluate/suite/definition'
import { SUITE, SUITE_NAMES, type SuiteName } from '../../trainer/evaluate/suite'
import type { Database } from '../db/connect'
import type { DictionaryRow } from '../dictionaries/rows'
import { suiteKindOf } from './suite'

export interface SuiteRecord extends Pick<SuiteDefinition, 'label' | 'summary' | 'source' | 'measuredOn'> {
  id: string
  name: SuiteName
  caveat: string | null
  /** ISO 8601. */
  createdAt: string
  engine: string
  device: string
  /** Name of the harvest measured on; null when that is gone. */
  harvest: string | null
  /** Name of the dictionary compared with. */
  control: string | null
  settings: Record<string, unknown>
  /** Of computing, over all parts. */
  seconds: number
  notes: string[]
  tables: SuiteTable[]
}

export interface SuiteTable extends TableDefinition {
  name: string
  rows: Row[]
}

interface Stored {
  id: string
  kind: string
  config: { harvest: string; control: string | null; settings: Record<string, unknown>; seconds: number }
  metrics: { notes: string[]; tables: Record<string, Row[]> }
  engine: string
  device: string
  createdAt: Date
  harvest: string | null
}

/** The newest result of each part, in the order of the suite; the figures of single latents are left in the database. */
export async function suiteResults({ pool }: Database, { id }: DictionaryRow): Promise<SuiteRecord[]> {
  const { rows } = await pool.query<Stored>(
    `SELECT DISTINCT ON (e.kind) e.id, e.kind, e.config, e.metrics - 'latents' AS metrics, e.engine, e.device,
        e.created_at AS "createdAt", h.name AS harvest
     FROM evaluation e LEFT JOIN harvest h ON h.id::text = e.config ->> 'harvest'
     WHERE e.dictionary_id = $1 AND e.kind = ANY($2::text[])
     ORDER BY e.kind, e.created_at DESC`,
    [id, SUITE_NAMES.map(suiteKindOf)],
  )
  return SUITE_NAMES.flatMap((name) => {
    const found = rows.find(({ kind }) => kind === suiteKindOf(name))
    return found ? [recordOf(name, found)] : []
  })
}

function recordOf(name: SuiteName, { config, metrics, createdAt, ...row }: Stored): SuiteRecord {
  const { label, summary, source, caveat, measuredOn, tables }: SuiteDefinition = SUITE[name]
  const { id, engine, device, harvest } = row
  return {
    id,
    name,
    label,
    summary,
    source,
    measuredOn,
    caveat: caveat ?? null,
    createdAt: createdAt.toISOString(),
    engine,
    device,
    harvest,
    control: config.control,
    settings: config.settings,
    seconds: config.seconds,
    notes: metrics.notes,
    tables: Object.entries(tables).map(([table, definition]) => ({
      ...definition,
      name: table,
      rows: metrics.tables[table] ?? [],
    })),
  }
}
