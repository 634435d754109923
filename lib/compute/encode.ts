/** Encodes a text with several dictionaries of one model. */
import * as tf from '@tensorflow/tfjs-core'
import { LoupeError } from '../../trainer/errors'
import { SINK_FACTOR } from '../../trainer/positions'
import type { LoadedModel } from '../../trainer/model/types'
import type { Dictionary } from '../../trainer/sae/dictionary/dictionary'
import type { Codes } from '../../trainer/sae/codes/codes'
import { requireDictionary, requireAttached, type DictionaryRow } from '../dictionaries/rows'
import { activationsAt, strongestFeatures, textIds } from '../../trainer/steering/encoding'
import { requireModelById } from '../models/rows'
import { requireOfModel } from '../steering/resolve'
import { MAX_TOKENS, type EncodeAnswer, type EncodeRequest } from './protocol'
import type { Resources } from './resources'
import type { Lease } from './sharedCache'

/** Limit on the features of one answer: about 20 MB of JSON. */
const MAX_VALUES = 400_000

interface Encoded {
  row: DictionaryRow
  hook: string
  codes: Codes
  /** L2 norm of each token's activation. */
  norms: Float32Array
}

export async function encodeText(resources: Resources, request: EncodeRequest, engine: string): Promise<EncodeAnswer> {
  const { database } = resources
  const rows = await Promise.all(request.dictionaries.map((nameOrId) => requireDictionary(database, nameOrId)))
  const modelRow = await requireModelById(database, requireAttached(rows[0]!).modelId)
  const hooks = rows.map((row) => requireOfModel(row, modelRow))
  const followed = (request.features ?? []).map((feature) => followedFeature(feature, request, rows))
  const medians = await medianNorms(resources, rows)
  using model = await resources.model(modelRow)
  const { loaded } = model.value
  const ids = textIds(loaded, request.text, MAX_TOKENS)
  requireSmall(ids.length * rows.length * request.top)
  const encoded = await codesOf(resources, loaded, rows, hooks, ids)
  const isSink = (position: number) =>
    encoded.some(({ norms }, at) => norms[position]! > SINK_FACTOR * (medians[at] ?? Infinity))
  return {
    model: modelRow.name,
    tokens: ids.map((id) => ({ id, text: loaded.tokenizer!.tokenText(id) })),
    counted: ids.map((_, position) => position > 0 && !isSink(position)),
    dictionaries: encoded.map((each) => describe(each, request.top)),
    features: followed.map(({ dictionary, feature, index }) => ({
      dictionary,
      feature,
      values: valuesOf(encoded[index]!.codes, feature),
    })),
    engine,
  }
}

async function codesOf(
  resources: Resources,
  loaded: LoadedModel,
  rows: readonly DictionaryRow[],
  hooks: readonly string[],
  ids: readonly number[],
): Promise<Encoded[]> {
  const leases: Lease<Dictionary>[] = []
  try {
    for (const row of rows) leases.push(await resources.dictionary(row))
    const at = activationsAt(loaded, hooks, ids)
    try {
      return rows.map((row, i) => {
        const x = at.get(hooks[i]!)!
        return { row, hook: hooks[i]!, codes: leases[i]!.value.encode(x), norms: rowNorms(x) }
      })
    } finally {
      tf.dispose([...at.values()])
    }
  } finally {
    for (const lease of leases) lease[Symbol.dispose]()
  }
}

function describe({ row, hook, codes }: Encoded, top: number): EncodeAnswer['dictionaries'][number] {
  const l0 = codes.indices.length / codes.n
  return { id: row.id, name: row.name, hook, l0, rows: strongestFeatures(codes, top) }
}

/** Adds the index of its dictionary among the dictionaries of the request. */
function followedFeature(
  { dictionary, feature }: { dictionary: string; feature: number },
  { dictionaries }: EncodeRequest,
  rows: readonly DictionaryRow[],
) {
  const index = rows.findIndex(({ id, name }, at) => [id, name, dictionaries[at]].includes(dictionary))
  if (index < 0) {
    throw new LoupeError('bad-input', `"${dictionary}" is not among the dictionaries of this request`, {
      remedy: `name one of ${dictionaries.join(', ')}`,
    })
  }
  const { dSae, name } = rows[index]!
  if (feature < dSae) return { dictionary, feature, index }
  throw new LoupeError('not-found', `there is no feature ${feature} in ${name}`, {
    remedy: `its features are 0 to ${dSae - 1}`,
  })
}

/** For each dictionary the median norm of its training harvest, else of the harvest of its statistics. */
async function medianNorms({ database }: Resources, rows: readonly DictionaryRow[]): Promise<(number | undefined)[]> {
  const harvest = { select: { medianNorm: true } }
  const dictionaries = await database.prisma.dictionary.findMany({
    where: { id: { in: rows.map(({ id }) => id) } },
    select: { id: true, run: { select: { harvest } }, featureSet: { select: { harvest } } },
  })
  const byId = new Map(
    dictionaries.map(({ id, run, featureSet }) => [id, run?.harvest.medianNorm ?? featureSet?.harvest.medianNorm]),
  )
  return rows.map(({ id }) => byId.get(id) ?? undefined)
}

function rowNorms(x: tf.Tensor2D): Float32Array {
  const norms = tf.tidy(() => tf.norm(x, 2, 1))
  const values = norms.dataSync<'float32'>()
  norms.dispose()
  return values
}

function valuesOf({ n, offsets, indices, values }: Codes, feature: number): number[] {
  return Array.from({ length: n }, (_, row) => {
    const at = indices.subarray(offsets[row], offsets[row + 1]).indexOf(feature)
    return at < 0 ? 0 : values[offsets[row]! + at]!
  })
}

function requireSmall(values: number): void {
  if (values <= MAX_VALUES) return
  throw new LoupeError('too-large', `the answer would hold ${values} features, the limit is ${MAX_VALUES}`, {
    remedy: 'shorten the text, or choose fewer dictionaries or a smaller top',
  })
}
