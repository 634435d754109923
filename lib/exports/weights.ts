/** Writes a dictionary's weights in the files of another tool. */
import { z } from 'zod'
import { listFeatures } from '../../trainer/dashboards/table'
import type { DictionaryMetadata } from '../../trainer/formats/format'
import { dictionaryFormat } from '../../trainer/formats'
import type { Dictionary } from '../../trainer/sae/dictionary/dictionary'
import { harvestProvenance } from '../../trainer/store/provenance'
import type { Database } from '../db/connect'
import type { DictionaryRow } from '../dictionaries/rows'
import { openDictionary } from '../dictionaries/weights'

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

/** `[d_sae]`; undefined unless statistics of all features are stored. */
async function storedDensity(
  { pool }: Database,
  row: DictionaryRow,
  { d_sae }: Dictionary,
): Promise<Float32Array | undefined> {
  const features = await listFeatures(pool, row.id)
  return features.length === d_sae ? Float32Array.from(features, ({ density }) => density) : undefined
}

/** The provenance of an imported dictionary. */
const ImportedProvenance = z.looseObject({
  metadata: z.looseObject({
    model_name: z.string().nullable().catch(null),
    hook_name: z.string().nullable().catch(null),
    hook_name_out: z.string().nullable().catch(null),
    context_size: z.int().positive().nullable().catch(null),
    prepend_bos: z.boolean().nullable().catch(null),
    dataset_path: z.string().nullable().catch(null),
    neuronpedia_id: z.string().nullable().catch(null),
    extra: z.record(z.string(), z.unknown()).catch({}),
  }),
})

async function metadataOf(database: Database, row: DictionaryRow): Promise<Partial<DictionaryMetadata>> {
  const imported = ImportedProvenance.safeParse(row.provenance).data?.metadata
  const model = row.modelId ? await database.prisma.model.findUnique({ where: { id: row.modelId } }) : null
  const run = row.runId
    ? await database.prisma.run.findUnique({ where: { id: row.runId }, include: { harvest: true } })
    : null
  // The model and hook of this database win over the imported metadata.
  const attached = {
    model_name: model?.name ?? imported?.model_name ?? null,
    hook_name: row.hook ?? imported?.hook_name ?? null,
  }
  if (!run) return { ...imported, ...attached }
  const harvest = harvestProvenance.parse(run.harvest.provenance)
  return {
    ...attached,
    hook_name_out: run.harvest.targetHook,
    context_size: harvest.contextSize,
    prepend_bos: false,
    dataset_path: harvest.corpus,
    // The first position of each context is left out of training (methods: attention sinks).
    extra: { seqpos_slice: [1, null], training_architecture_details: run.config },
  }
}
