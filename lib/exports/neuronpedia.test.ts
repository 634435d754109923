import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../../test/support/database'
import { plantDictionary, type PlantedDictionary } from '../../test/support/plantedDictionary'
import { beginFolder, exportParts, finishFolder, writePart } from './files'
import { requireChoice } from './formats'
import { openSource } from './tables/source'
import { exportStream } from './stream'
import { tarEntry } from './formats/tar'

/** Columns of Neuronpedia's tables, in the order of its bulk files. */
const KEYS = {
  'release.jsonl': `name, description, descriptionShort, urls, creatorName, creatorNameShort, creatorId, visibility, isNewUi, featured,
    defaultSourceSetName, defaultSourceId, defaultUmapSourceIds, createdAt`,
  'model.jsonl': `id, instruct, displayNameShort, displayName, creatorId, tlensId, dimension, visibility, layers, neuronsPerLayer,
    owner, inferenceEnabled, createdAt, updatedAt`,
  'sourceset.jsonl': `modelId, name, creatorId, creatorName, releaseName, description, type, urls, visibility, hasDashboards,
    defaultRange, defaultShowBreaks, showDfa, showCorrelated, showHeadAttribution, showUmap, createdAt`,
  'source.jsonl': `id, modelId, setName, creatorId, visibility, dataset, num_prompts, num_tokens_in_prompt, hfRepoId, hfFolderId,
    saelensConfig, saelensRelease, saelensSaeId, inferenceEnabled, hasUmap, notes, createdAt`,
  'features/batch-0.jsonl.gz': `modelId, layer, index, sourceSetName, creatorId, createdAt, maxActApprox, hasVector, vector,
    vectorLabel, vectorDefaultSteerStrength, hookName, topkCosSimIndices, topkCosSimValues, neuron_alignment_indices,
    neuron_alignment_values, neuron_alignment_l1, correlated_neurons_indices, correlated_neurons_pearson, correlated_neurons_l1,
    correlated_features_indices, correlated_features_pearson, correlated_features_l1, neg_str, neg_values, pos_str, pos_values,
    frac_nonzero, freq_hist_data_bar_heights, freq_hist_data_bar_values, logits_hist_data_bar_heights,
    logits_hist_data_bar_values, decoder_weights_dist`,
  'activations/batch-0.jsonl.gz': `id, modelId, layer, index, creatorId, createdAt, tokens, values, maxValue, maxValueTokenIndex,
    minValue, binMin, binMax, binContains, qualifyingTokenIndex, dfaValues, dfaTargetIndex, dfaMaxValue, lossValues,
    logitContributions, dataIndex, dataSource, zIndices, zValues`,
  'explanations/batch-0.jsonl.gz': `id, modelId, layer, index, authorId, description, embedding, typeName, explanationModelName,
    notes, umap_x, umap_y, umap_cluster, umap_log_feature_sparsity, createdAt`,
}

type Row = Record<string, unknown>

const database = await testDatabase()
const scratch = await mkdtemp(join(tmpdir(), 'loupe-export-'))
const signal = new AbortController().signal
let planted: PlantedDictionary
/** `<model>/<source>` in the exported folder. */
let base: string
afterAll(async () => {
  await database[Symbol.asyncDispose]()
  await rm(scratch, { recursive: true })
})
beforeAll(async () => {
  planted = await plantDictionary(database, { name: 'My first/TopK', features: 2100 })
  await database.prisma.label.create({
    data: {
      dictionaryId: planted.row.id,
      feature: 4,
      text: 'years, "dates"\n😀',
      author: 'Ada',
      createdAt: new Date(9),
    },
  })
  const source = await openSource(database, planted.row, { signal })
  const choice = requireChoice({ format: 'neuronpedia' })
  const folder = join(scratch, 'folder')
  await beginFolder(source, choice, folder)
  const files = []
  for (const range of exportParts(source, choice)) {
    files.push(...(await writePart(source, choice, folder, range, () => undefined)))
  }
  await finishFolder(source, folder, files)
  base = join(folder, source.harvest.model.name, '0-my-first-topk')
})

async function rowsOf(path: string): Promise<Row[]> {
  const bytes = await readFile(join(base, path))
  const text = path.endsWith('.gz') ? gunzipSync(bytes).toString() : bytes.toString()
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Row)
}

describe("Neuronpedia's bulk layout", () => {
  it.each(Object.entries(KEYS))('%s has the columns of the importer, in every row', async (path, keys) => {
    for (const row of await rowsOf(path)) expect(Object.keys(row)).toEqual(keys.split(/,\s+/))
  })

  it('has batches of 1024 features, and no empty file', async () => {
    expect((await readdir(join(base, 'features'))).sort()).toEqual([
      'batch-0.jsonl.gz',
      'batch-1.jsonl.gz',
      'batch-2.jsonl.gz',
    ])
    const indices = await Promise.all([0, 1, 2].map((n) => rowsOf(`features/batch-${n}.jsonl.gz`)))
    expect(indices.map((rows) => [rows.length, rows[0]!['index'], rows.at(-1)!['index']])).toEqual([
      [1024, '0', '1023'],
      [1024, '1024', '2047'],
      [52, '2048', '2099'],
    ])
    expect(await readdir(join(base, 'explanations'))).toEqual(['batch-0.jsonl.gz'])
  })

  it('has the values of the database for each feature', async () => {
    const [row] = (await rowsOf('features/batch-0.jsonl.gz')).slice(10)
    const { rows } = await database.pool.query<{ density: number }>(
      'SELECT density FROM feature WHERE dictionary_id = $1 AND index = 10',
      [planted.row.id],
    )
    expect(row).toMatchObject({
      layer: '0-my-first-topk',
      sourceSetName: 'my-first-topk',
      frac_nonzero: rows[0]!.density,
      maxActApprox: 2,
      freq_hist_data_bar_heights: [10, 6],
      freq_hist_data_bar_values: [0.5, 1.5],
      topkCosSimIndices: [11],
      pos_values: [1.1],
      neg_str: [' t4'],
    })
  })

  it('has examples with their bins, and ids that are all different', async () => {
    const rows = await rowsOf('activations/batch-0.jsonl.gz')
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
    for (const { id } of rows) expect(id).toMatch(/^c[a-z0-9]{24}$/)
    const ten = rows.filter(({ index }) => index === '10')
    const density = Math.fround(16 / 380)
    expect(
      ten.map(({ binMin, binMax, qualifyingTokenIndex, maxValueTokenIndex, maxValue, minValue }) => [
        binMin,
        binMax,
        qualifyingTokenIndex,
        maxValueTokenIndex,
        maxValue,
        minValue,
      ]),
    ).toEqual([
      [-1, 2, 2, 2, 2, 0],
      [-1, 2, 5, 5, 2, 0],
      [0, 2, 5, 5, 2, 0],
      [0.5, 1, 9, 9, 2, 0],
    ])
    expect(ten.map(({ binContains }) => binContains)).toEqual(
      [-1, -1, density, 0.4 * density].map((share) => expect.closeTo(share, 7) as number),
    )
  })

  it('has a space in place of a NUL, and keeps all other text', async () => {
    const rows = await rowsOf('features/batch-0.jsonl.gz')
    expect(rows.slice(0, 4).map((row) => (row['pos_str'] as string[])[0])).toEqual([
      ' ',
      '"a", b;',
      'line\r\nbreak',
      '😀\u2028',
    ])
    expect(gunzipSync(await readFile(join(base, 'activations/batch-0.jsonl.gz'))).includes('\\u0000')).toBe(false)
    expect((await rowsOf('explanations/batch-0.jsonl.gz'))[0]).toMatchObject({
      description: 'years, "dates"\n😀',
      index: '4',
    })
  })

  it('is a tar of the same files over HTTP', async () => {
    const { stream, filename, contentType } = await exportStream(database, planted.row, {
      format: 'neuronpedia',
      signal,
    })
    expect([filename, contentType]).toEqual(['my-first-topk-neuronpedia.tar', 'application/x-tar'])
    const unpacked = join(scratch, 'unpacked')
    await mkdir(unpacked)
    await writeFile(join(unpacked, filename), Buffer.from(await new Response(stream).arrayBuffer()))
    execFileSync('tar', ['-xf', filename], { cwd: unpacked })
    const inside = async (folder: string) =>
      (await readdir(folder, { recursive: true })).filter((name) => name.includes('.jsonl')).sort()
    expect(await inside(unpacked)).toEqual(await inside(join(scratch, 'folder')))
    for (const name of await inside(unpacked)) {
      expect((await readFile(join(unpacked, name))).equals(await readFile(join(scratch, 'folder', name)))).toBe(true)
    }
  })
})

describe('tar headers', () => {
  it('divide a long path, and refuse one that does not fit', () => {
    const long = `${'m'.repeat(120)}/${'s'.repeat(90)}`
    const [header] = tarEntry(long, Buffer.alloc(3), new Date(0))
    const block = Buffer.from(header!)
    expect([block.toString('ascii', 0, 90), block.toString('ascii', 345, 465)]).toEqual([
      's'.repeat(90),
      'm'.repeat(120),
    ])
    expect(() => [...tarEntry('x'.repeat(101), Buffer.alloc(0), new Date(0))]).toThrow('too long for a tar file')
  })
})
