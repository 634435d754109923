/** Bulk tables are partitioned by harvest or dictionary: a partition is made before the first row and dropped whole. */
import { quoteName, requireUuid, type Queryable } from './database'

/** Table → its partitions' storage settings. */
const PARTITIONED = {
  activation_shard: '',
  context_shard: '',
  // Moves `packed` out of line whatever its size, so that the narrow columns beside it stay dense.
  feature: 'WITH (toast_tuple_target = 128)',
  feature_token: '',
} as const

export type PartitionedTable = keyof typeof PARTITIONED

/** Name of the table that holds the rows of one harvest or dictionary. */
export function partitionName(table: PartitionedTable, id: string): string {
  return `${table}_${requireUuid(id).replaceAll('-', '')}`
}

/** Idempotent, also when several processes do it at once. */
export async function createPartition(database: Queryable, table: PartitionedTable, id: string): Promise<void> {
  const name = partitionName(table, id)
  // IF NOT EXISTS alone lets two creators collide. Several statements in one query are one transaction.
  await database.query(`
    SELECT pg_advisory_xact_lock(hashtext('${name}'));
    CREATE TABLE IF NOT EXISTS ${quoteName(name)} PARTITION OF ${table} FOR VALUES IN ('${id}') ${PARTITIONED[table]}`)
}

/** Gives the disk space back at once, where DELETE would take minutes and a vacuum. No error when it is not there. */
export async function dropPartition(database: Queryable, table: PartitionedTable, id: string): Promise<void> {
  await database.query(`DROP TABLE IF EXISTS ${quoteName(partitionName(table, id))}`)
}
