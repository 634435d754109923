import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database'
import { plantDictionary, type PlantedDictionary } from '../../test/support/plantedDictionary'
import { silentStage } from '../../trainer/progress'
import { loadBackend } from '../../trainer/tensors/backend'
import { exportKind } from './job'
import { runJob } from '../jobs/run'
import { beginFolder, exportParts, finishFolder, requireManifest, writePart } from './files'
import type { ExportedFile } from './schema'
import { requireChoice, type ExportChoice } from './formats'
import { openSource, type ExportSource } from './tables/source'

const database = await testDatabase()
const scratch = await mkdtemp(join(tmpdir(), 'loupe-export-'))
let planted: PlantedDictionary
afterAll(async () => {
  await database[Symbol.asyncDispose]()
  await rm(scratch, { recursive: true })
})
beforeAll(async () => {
  planted = await plantDictionary(database, { name: 'wide', features: 2100 })
})

const activations = requireChoice({ what: 'activations', format: 'jsonl' })
const open = (signal = new AbortController().signal) => openSource(database, planted.row, { signal })

async function writeAll(source: ExportSource, choice: ExportChoice, folder: string): Promise<ExportedFile[]> {
  const files: ExportedFile[] = []
  for (const range of exportParts(source, choice)) {
    files.push(...(await writePart(source, choice, folder, range, () => undefined)))
  }
  return files
}

/** Name → content of every file of a folder. */
async function contents(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const read = async (file: string) => [file.slice(folder.length), await readFile(file, 'latin1')] as const
  return Object.fromEntries(await Promise.all(files.map(read)))
}

describe('an export folder', () => {
  it('has the same bytes with and without an interruption', async () => {
    const [whole, broken] = [join(scratch, 'whole'), join(scratch, 'broken')]
    const source = await open()
    await beginFolder(source, activations, whole)
    await finishFolder(source, whole, await writeAll(source, activations, whole))

    const parts = exportParts(source, activations)
    expect(parts).toHaveLength(3)
    await beginFolder(source, activations, broken)
    await writePart(source, activations, broken, parts[1]!, () => undefined)
    const abort = new AbortController()
    const cancelled = writePart(await open(abort.signal), activations, broken, parts[0]!, () => abort.abort())
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
    expect((await readdir(broken)).filter((name) => name.startsWith('act'))).toEqual(['activations-00001.jsonl'])
    expect((await requireManifest(broken)).complete).toBe(false)

    await beginFolder(source, activations, broken)
    await finishFolder(source, broken, await writeAll(source, activations, broken))
    expect(await contents(broken)).toEqual(await contents(whole))
    expect(Object.keys(await contents(whole)).sort()).toEqual([
      '/activations-00000.jsonl',
      '/activations-00001.jsonl',
      '/activations-00002.jsonl',
      '/manifest.json',
    ])
  })

  it('keeps complete files and writes a damaged one again', async () => {
    const folder = join(scratch, 'whole')
    const before = await contents(folder)
    const inode = async (part: number) => (await stat(join(folder, `activations-0000${part}.jsonl`))).ino
    const inodes = [await inode(0), await inode(1)]
    await writeFile(join(folder, 'activations-00002.jsonl'), 'x'.repeat(before['/activations-00002.jsonl']!.length))
    const source = await open()
    await beginFolder(source, activations, folder)
    await finishFolder(source, folder, await writeAll(source, activations, folder))
    expect(await contents(folder)).toEqual(before)
    expect([await inode(0), await inode(1)]).toEqual(inodes)
  })

  it('is refused when it holds another export, and the error names the differences', async () => {
    const source = await open()
    const csv = requireChoice({ what: 'features', format: 'csv' })
    const refused = beginFolder(source, csv, join(scratch, 'whole'))
    await expect(refused).rejects.toMatchObject({ code: 'mismatch' })
    await expect(refused).rejects.toThrow(
      'what is "activations" there and "features" here; format is "jsonl" there and "csv" here',
    )
  })

  it('is refused when it has other content', async () => {
    const folder = await mkdtemp(join(scratch, 'other-'))
    await writeFile(join(folder, 'notes.txt'), 'mine')
    await expect(beginFolder(await open(), activations, folder)).rejects.toMatchObject({ code: 'conflict' })
    await writeFile(join(folder, 'manifest.json'), '{"name": "a web page"}')
    await expect(beginFolder(await open(), activations, folder)).rejects.toMatchObject({ code: 'bad-input' })
    expect((await readdir(folder)).sort()).toEqual(['manifest.json', 'notes.txt'])
  })

  it('is not found on a machine without it', async () => {
    const elsewhere = writePart(
      await open(),
      activations,
      join(scratch, 'nowhere'),
      { from: 0, to: 1024 },
      () => undefined,
    )
    await expect(elsewhere).rejects.toMatchObject({ code: 'not-found' })
  })

  it('continues with the labels of its start, and cannot finish over other statistics', async () => {
    const folder = join(scratch, 'labels')
    const choice = requireChoice({ what: 'labels', format: 'jsonl' })
    const label = (text: string, createdAt: Date) =>
      database.prisma.label.create({ data: { dictionaryId: planted.row.id, feature: 1, text, author: 'a', createdAt } })
    await label('early', new Date('2026-11-25T10:00:00Z'))
    const source = await open()
    await beginFolder(source, choice, folder)
    await label('late', new Date('2026-11-25T11:00:00Z'))
    await beginFolder(await open(), choice, folder)
    const files = await writeAll(source, choice, folder)
    expect(await readFile(join(folder, 'labels-00000.jsonl'), 'utf8')).toContain('early')
    const where = { dictionaryId: planted.row.id }
    const { finishedAt } = await database.prisma.featureSet.update({ where, data: { finishedAt: new Date(0) } })
    expect(finishedAt).toEqual(new Date(0))
    await expect(finishFolder(source, folder, files)).rejects.toMatchObject({ code: 'conflict' })
    await database.prisma.featureSet.update({ where, data: { finishedAt: source.statistics.finishedAt } })
    await finishFolder(source, folder, files)
    await expect(beginFolder(await open(), choice, folder)).rejects.toThrow('labels_until')
  })
})

describe('the export job', () => {
  it('writes the folder in parts, counts features, and has nothing to do in a second run', async () => {
    const backend = await loadBackend('cpu')
    const folder = join(scratch, 'job')
    const spec = { dictionary: planted.row.id, what: 'features', format: 'parquet', folder }
    const seen: number[] = []
    const stage = { ...silentStage(), report: (done: number) => seen.push(done) }
    const result = await runJob(database, backend, exportKind, spec, stage)
    expect(result).toMatchObject({ folder, files: ['features-00000.parquet'], rows: 2100 })
    expect(seen.at(-1)).toBe(2100)
    const before = await contents(folder)
    expect(await runJob(database, backend, exportKind, spec, silentStage())).toEqual(result)
    expect(await contents(folder)).toEqual(before)
    const other = runJob(database, backend, exportKind, { ...spec, format: 'csv' }, silentStage())
    await expect(other).rejects.toMatchObject({ code: 'mismatch' })
  })

  it('names what a dictionary without finished statistics lacks', async () => {
    await database.prisma.featureSet.update({ where: { dictionaryId: planted.row.id }, data: { status: 'running' } })
    await expect(open()).rejects.toMatchObject({
      code: 'conflict',
      remedy: 'compute them: loupe dashboards --dictionary wide',
    })
    await database.prisma.featureSet.delete({ where: { dictionaryId: planted.row.id } })
    await expect(open()).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('content and format', () => {
  it.each([
    [{ what: 'all', format: 'csv' }, 'csv does not hold "all"'],
    [{ format: 'csv' }, 'csv holds one table per file, and the request names no table'],
    [{ what: 'weights', format: 'parquet' }, 'parquet does not hold "weights"'],
  ])('%o is refused', (asked, message) => {
    expect(() => requireChoice(asked)).toThrow(message)
  })

  it('default to everything for a format that can hold everything', () => {
    expect(requireChoice({ format: 'neuronpedia' }).what).toBe('all')
    expect(() => requireChoice({ what: 'features', format: 'parket' })).toThrow('there is no format')
  })
})
