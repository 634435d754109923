/** Bulk tables are partitioned by harvest or dictionary: a partition is created before the first row and dropped as a whole. */
import { quoteName, requireUuid, type Queryable } from './database'

/** Table → its partitions' storage settings. */
const PARTITIONED = {
  activation_shard: '',
  context_shard: '',
  // Moves `packed` out of line whatever its size, so that the narrow columns next to it stay dense.
  feature: 'WITH (toast_tuple_target = 128)',
  feature_token: '',
} as const

export type PartitionedTable = keyof typeof PARTITIONED

/** Name of the table that holds the rows of one harvest or dictionary. */
export function partitionName(table: PartitionedTable, id: string): string {
  return `${table}_${requireUuid(id).replaceAll('-', '')}`
}

/**
 * Idempotent, also when several processes call it at once. It attaches a separate table: `PARTITION OF` would lock the
 * whole table against its readers, and can deadlock with a reader that joins two tables.
 */
export async function createPartition(database: Queryable, table: PartitionedTable, id: string): Promise<void> {
  const name = partitionName(table, id)
  // Several statements in one query are one transaction.
  await database.query(`
    SELECT pg_advisory_xact_lock(hashtext('${name}'));
    DO $$ BEGIN
      IF to_regclass('${quoteName(name)}') IS NULL THEN
        CREATE TABLE ${quoteName(name)} (LIKE ${table} INCLUDING ALL) ${PARTITIONED[table]};
        ALTER TABLE ${table} ATTACH PARTITION ${quoteName(name)} FOR VALUES IN ('${id}');
      END IF;
    END $$`)
}

/** Frees the disk space at once, where DELETE would take minutes and a vacuum. No error if there is no partition. */
export async function dropPartition(database: Queryable, table: PartitionedTable, id: string): Promise<void> {
  await database.query(`DROP TABLE IF EXISTS ${quoteName(partitionName(table, id))}`)
}
