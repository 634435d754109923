/** A dictionary's weights in the files of another tool. */
import { listFeatures } from '../trainer/dashboards/table'
import { dictionaryFormat } from '../trainer/formats/registry'
import type { Dictionary } from '../trainer/sae/dictionary'
import { harvestProvenance } from '../trainer/store/provenance'
import type { Database } from './db/connect'
import type { DictionaryRow } from './dictionaries'
import { openDictionary } from './dictionaryWeights'

/** Writes a new folder and returns the names of its files. */
export async function exportWeights(
  database: Database,
  row: DictionaryRow,
  { format, folder }: { format: string; folder: string },
): Promise<string[]> {
  const dictionary = await openDictionary(database, row)
  const density = await storedDensity(database, row, dictionary)
  const metadata = await metadataOf(database, row)
  return dictionaryFormat(format).export(dictionary, metadata, folder, density ? { density } : {})
}

/** `[d_sae]`, where statistics of all features are stored. */
async function storedDensity(
  { pool }: Database,
  row: DictionaryRow,
  { d_sae }: Dictionary,
): Promise<Float32Array | undefined> {
  const features = await listFeatures(pool, row.id)
  return features.length === d_sae ? Float32Array.from(features, ({ density }) => density) : undefined
}

async function metadataOf(database: Database, row: DictionaryRow) {
  const model = row.modelId ? await database.prisma.model.findUnique({ where: { id: row.modelId } }) : null
  const run = row.runId
    ? await database.prisma.run.findUnique({ where: { id: row.runId }, include: { harvest: true } })
    : null
  const harvest = run ? harvestProvenance.parse(run.harvest.provenance) : undefined
  return {
    model_name: model?.name ?? null,
    hook_name: row.hook,
    context_size: harvest?.contextSize ?? null,
    prepend_bos: harvest ? false : null,
    dataset_path: harvest?.corpus ?? null,
    // The first position of each context is left out of training (methods: attention sinks).
    extra: harvest ? { seqpos_slice: [1, null] } : {},
  }
}
