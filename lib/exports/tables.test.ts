/** Every table in every format, written into a folder, read back and compared with the database. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database'
import { ODD_TOKENS, plantDictionary, type PlantedDictionary } from '../../test/support/plantedDictionary'
import { readFeatures } from '../../trainer/dashboards/table'
import { readContexts } from '../../trainer/store/contexts'
import { beginFolder, exportParts, finishFolder, writePart } from './files'
import { csv } from './formats/csv'
import { jsonl } from './formats/jsonl'
import { parquet } from './formats/parquet'
import type { FeatureFormat } from './formats/format'
import { shortFloat } from './tables/floats'
import { openSource } from './tables/source'
import { ActivationRow, FeatureRow, LabelRow, TABLES, type TableName } from './tables/schema'

const FEATURES = 40
const database = await testDatabase()
const scratch = await mkdtemp(join(tmpdir(), 'loupe-export-'))
let planted: PlantedDictionary
afterAll(async () => {
  await database[Symbol.asyncDispose]()
  await rm(scratch, { recursive: true })
})
beforeAll(async () => {
  planted = await plantDictionary(database, { name: 'planted', features: FEATURES })
  const at = (minute: number) => new Date(Date.UTC(2026, 10, 25, 13, minute, 0, 7))
  await database.prisma.label.createMany({
    data: [
      { feature: 3, text: 'first, "quoted"\nline; 😀', author: 'Ada', createdAt: at(0) },
      { feature: 3, text: 'second, "quoted"\r\nline; 🌍', author: 'Grace, H.', createdAt: at(1) },
      { feature: 9, text: 'taken away', author: 'Ada', createdAt: at(0) },
      { feature: 9, text: '', author: 'Ada', createdAt: at(2) },
    ].map((label) => ({ dictionaryId: planted.row.id, ...label })),
  })
})

const READERS: Record<string, (path: string, table: TableName) => Promise<unknown[]>> = {
  jsonl: async (path) =>
    (await readFile(path, 'utf8')).split('\n').flatMap((line) => (line ? [JSON.parse(line) as unknown] : [])),
  csv: async (path, table) => fromCsv(await readFile(path, 'utf8'), table),
  parquet: async (path) => {
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(path) })
    return JSON.parse(JSON.stringify(rows, plain)) as unknown[]
  },
}

/** 64-bit integers and dates as JSON has them; floats as the shortest decimal of the same float32. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'number' && !Number.isInteger(value)) return shortFloat(value)
  return value
}

/** RFC 4180, then each cell by the type of its column. */
function fromCsv(text: string, table: TableName): unknown[] {
  const records: string[][] = []
  let record: string[] = []
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    record.push(quoted?.replaceAll('""', '"') ?? bare!)
    if (end === ',') continue
    records.push(record)
    record = []
  }
  const [header, ...rows] = records
  expect(header).toEqual(Object.keys(TABLES[table].shape))
  return rows.map((cells) => Object.fromEntries(cells.map((cell, i) => [header![i]!, typed(table, header![i]!, cell)])))
}

function typed(table: TableName, column: string, cell: string): unknown {
  const schema = TABLES[table].shape[column as never] as { safeParse(value: unknown): { success: boolean } }
  if (cell === '') return null
  if (schema.safeParse(cell).success) return cell
  return JSON.parse(cell) as unknown
}

async function exported(format: FeatureFormat, what: TableName): Promise<unknown[]> {
  const folder = join(scratch, `${what}-${format.name}`)
  const source = await openSource(database, planted.row, { signal: new AbortController().signal })
  const choice = { what, format }
  await beginFolder(source, choice, folder)
  const files = []
  for (const range of exportParts(source, choice)) {
    files.push(...(await writePart(source, choice, folder, range, () => undefined)))
  }
  const manifest = await finishFolder(source, folder, files)
  const rows = await Promise.all(manifest.files.map(({ path }) => READERS[format.name]!(join(folder, path), what)))
  expect(rows.map((part) => part.length)).toEqual(manifest.files.map((file) => file.rows))
  return rows.flat()
}

describe.each([jsonl, csv, parquet])('$name', (format) => {
  it('returns the counts, densities and statistics of the database', async () => {
    const rows = FeatureRow.array().parse(await exported(format, 'features'))
    const { rows: stored } = await database.pool.query<Record<string, number>>(
      `SELECT index AS feature, density, fire_count::int, max_activation, mean_activation FROM feature
       WHERE dictionary_id = $1 ORDER BY index`,
      [planted.row.id],
    )
    expect(rows).toHaveLength(FEATURES)
    expect(rows).toMatchObject(stored)
    const statistics = await readFeatures(
      database.pool,
      planted.row.id,
      Array.from({ length: FEATURES }, (_, i) => i),
    )
    rows.forEach((row, i) => {
      expect(row.tokens_counted).toBe(380)
      expect(row.histogram).toEqual(statistics[i]!.histogram)
      expect(row.promoted[0]!.text).toBe(ODD_TOKENS[i % 4])
      expect(row.suppressed[0]).toEqual({ text: ' t4', token_id: 4, logit: -0.3 })
      expect(row.neighbours).toEqual([{ feature: (i + 1) % FEATURES, cosine: 0.7 }])
      expect(row.top_tokens.map(({ mean, fires, occurrences }) => [mean, fires, occurrences])).toEqual(
        i % 7 === 0 ? [] : [[0.9, 2, 3]],
      )
    })
    expect(rows[3]).toMatchObject({ label: 'second, "quoted"\r\nline; 🌍', label_author: 'Grace, H.' })
    expect(rows[9]).toMatchObject({ label: null, label_author: null })
  })

  it('returns every example with its tokens', async () => {
    const rows = ActivationRow.array().parse(await exported(format, 'activations'))
    const live = Array.from({ length: FEATURES }, (_, i) => i).filter((i) => i % 7 !== 0)
    const groups = ['top 0', 'top 1', 'random 0', 'quantile 0.5-0.9 0']
    expect(rows.map((row) => `${row.feature} ${row.example_group} ${row.rank}`)).toEqual(
      live.flatMap((feature) => groups.map((group) => `${feature} ${group}`)),
    )
    const shards = await readContexts(database.pool, planted.harvest, [...Array(planted.harvest.shards).keys()])
    for (const row of rows) {
      const shard = shards[Math.floor(row.context / 4)]!
      const tokens = Array.from(shard.tokens.subarray((row.context % 4) * 16, (row.context % 4) * 16 + 16))
      expect(row.token_ids).toEqual(tokens.filter((token) => token >= 0))
      expect(row.tokens).toEqual(row.token_ids.map((id) => ODD_TOKENS[id] ?? ` t${id}`))
      expect(row.document).toBe(shard.documents[row.context % 4])
      expect(row.start).toBe(0)
      expect(row.values[row.position]).toBe(row.activation)
      expect(row.values.flatMap((value, at) => (value > 0 ? [at] : []))).toEqual([2, 5, 9])
    }
    const max = rows.filter((row) => row.feature === 10).map((row) => row.activation)
    expect(max).toEqual([2, 2, 2, 2])
    expect(rows[3]).toMatchObject({ lower: 0.275, upper: 0.55 })
    expect(rows[0]).toMatchObject({ lower: null, upper: null })
  })

  it('returns the current labels with their history', async () => {
    expect(LabelRow.array().parse(await exported(format, 'labels'))).toEqual([
      {
        dictionary: 'planted',
        feature: 3,
        label: 'second, "quoted"\r\nline; 🌍',
        author: 'Grace, H.',
        created_at: '2026-11-25T13:01:00.007Z',
        history: [{ label: 'first, "quoted"\nline; 😀', author: 'Ada', created_at: '2026-11-25T13:00:00.007Z' }],
      },
    ])
  })
})

describe('a text with a NUL', () => {
  it.each([jsonl, csv, parquet])('survives $name', async (format) => {
    const row = { dictionary: 'd', feature: 0, author: 'a', created_at: '2026-11-25T13:00:00.000Z', history: [] }
    const label = 'a\0,"b"\n😀'
    const batches = async function* () {
      yield await Promise.resolve({ to: 1, rows: [{ ...row, label }] })
    }
    const source = await openSource(database, planted.row, { signal: new AbortController().signal })
    const [file] = format.files(source, 'labels', { from: 0, to: 1 })
    const chunks: Uint8Array[] = []
    for await (const chunk of file!.encode(batches())) chunks.push(chunk)
    const path = join(scratch, `nul.${format.name}`)
    await writeFile(path, Buffer.concat(chunks))
    expect(await READERS[format.name]!(path, 'labels')).toMatchObject([{ label }])
  })
})
