import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database'
import { plantDictionary, type PlantedDictionary } from '../../test/support/plantedDictionary'
import { beginFolder, writePart } from './files'
import { requireChoice } from './formats'
import { openSource, wholeRange } from './tables/source'
import { exportStream } from './stream'

const database = await testDatabase()
const scratch = await mkdtemp(join(tmpdir(), 'loupe-export-'))
const signal = new AbortController().signal
let planted: PlantedDictionary
afterAll(async () => {
  await database[Symbol.asyncDispose]()
  await rm(scratch, { recursive: true })
})
beforeAll(async () => {
  planted = await plantDictionary(database, { name: 'Streamed', features: 1000 })
})

describe('an export over HTTP', () => {
  it.each([
    ['features', 'jsonl', 'application/x-ndjson'],
    ['activations', 'csv', 'text/csv; charset=utf-8; header=present'],
    ['activations', 'parquet', 'application/vnd.apache.parquet'],
  ])('%s as %s are the bytes of the file, each time', async (what, format, type) => {
    const choice = requireChoice({ what, format })
    const source = await openSource(database, planted.row, { signal })
    const folder = join(scratch, `${what}-${format}`)
    await beginFolder(source, choice, folder)
    const [file] = await writePart(source, choice, folder, wholeRange(source), () => undefined)
    const written = await readFile(join(folder, file!.path))
    for (let time = 0; time < 2; time++) {
      const { stream, contentType, filename } = await exportStream(database, planted.row, { what, format, signal })
      expect([contentType, filename]).toEqual([type, `streamed-${what}.${format}`])
      expect(Buffer.from(await new Response(stream).arrayBuffer()).equals(written)).toBe(true)
    }
  })

  it('reads no faster than its reader, and stops when it is cancelled', async () => {
    const { pool } = database
    let queries = 0
    const count = () => queries++
    pool.on('acquire', count)
    const { stream } = await exportStream(database, planted.row, { what: 'activations', format: 'jsonl', signal })
    const reader = stream.getReader()
    await reader.read()
    await sleep(200)
    const afterOne = queries
    await sleep(200)
    expect(queries).toBe(afterOne)
    await reader.read()
    await sleep(200)
    expect(queries).toBeGreaterThan(afterOne)
    await reader.cancel()
    await sleep(100)
    const afterCancel = queries
    await sleep(200)
    expect(queries).toBe(afterCancel)
    pool.off('acquire', count)
    expect(pool.idleCount).toBe(pool.totalCount)
  })

  it('breaks when it is aborted, and when the statistics change meanwhile', async () => {
    const abort = new AbortController()
    const given = { what: 'activations', format: 'jsonl' }
    const aborted = await exportStream(database, planted.row, { ...given, signal: abort.signal })
    const reader = aborted.stream.getReader()
    await reader.read()
    abort.abort()
    await expect(readAll(reader)).rejects.toMatchObject({ code: 'cancelled' })

    const { stream } = await exportStream(database, planted.row, { ...given, signal })
    const where = { dictionaryId: planted.row.id }
    await database.prisma.featureSet.update({ where, data: { finishedAt: new Date(1) } })
    await expect(readAll(stream.getReader())).rejects.toMatchObject({ code: 'conflict' })
  })

  it('refuses before the first byte', async () => {
    const asked = exportStream(database, planted.row, { what: 'all', format: 'csv', signal })
    await expect(asked).rejects.toMatchObject({ code: 'bad-usage' })
  })
})

async function readAll(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  while (!(await reader.read()).done) continue
}
