/**
 * Measures the effect of steering: twenty features drawn by a seed, with one strength in units of each feature's usual
 * maximum.
 *
 *   npx tsx bench/steering.ts DICTIONARY [STRENGTH] [OUT.json]
 */
import { writeFileSync } from 'node:fs'
import { openDatabase } from '../lib/db/client'
import { requireDictionary, requireAttached } from '../lib/dictionaries/rows'
import { openDictionary } from '../lib/dictionaries/weights'
import { harvestOf } from '../lib/dictionaries/measured'
import { layoutOf } from '../lib/harvests/rows'
import { loadModel } from '../lib/models/load'
import { requireModelById } from '../lib/models/rows'
import { Terminal } from '../scripts/cli/terminal'
import { listFeatures, readFeatures } from '../trainer/dashboards/table'
import { drawStudyFeatures, steeringStudy } from '../trainer/steering/study'
import { readSingleContexts } from '../trainer/store/contexts'
import { loadBackend } from '../trainer/tensors/backend'

const FEATURES = 20
const SAMPLES = 20
const MAX_TOKENS = 24
const PROMPT_TOKENS = 8
const SEED = 0

const [name = '', strength = '1', out] = process.argv.slice(2)
const backend = await loadBackend()
await using database = await openDatabase()
const row = await requireDictionary(database, name)
const { modelId, hook } = requireAttached(row)
const dictionary = await openDictionary(database, row)
const terminal = new Terminal({ quiet: false, signal: new AbortController().signal })
const stage = terminal.stage('steering', 'batches')
const loaded = await loadModel(database, await requireModelById(database, modelId), stage)

const features = await listFeatures(database.pool, row.id)
const drawn = drawStudyFeatures(features, { count: FEATURES, seed: SEED })
const statistics = await readFeatures(database.pool, row.id, drawn)

// The beginnings of held-out contexts: the same kind of text as in training, and not seen there.
const layout = layoutOf(await harvestOf(database, row))
const first = layout.trainShards * layout.contextsPerShard
const contexts = await readSingleContexts(
  database.pool,
  layout,
  Array.from({ length: SAMPLES }, (_, at) => first + at),
)
const table = await steeringStudy({
  loaded,
  dictionary,
  hook,
  stage,
  features: drawn.map((index, at) => ({
    index,
    density: features[index]!.density,
    maxActivation: features[index]!.maxActivation,
    promoted: statistics[at]!.logits.top.map(({ token }) => token),
  })),
  prompts: [...contexts.values()].map(({ tokens }) => [...tokens.subarray(0, PROMPT_TOKENS)]),
  strength: Number(strength),
  samples: SAMPLES,
  maxTokens: MAX_TOKENS,
  temperature: 1,
  topP: 1,
  seed: SEED,
})
stage.end()
const token = (id: number) => loaded.tokenizer?.tokenText(id) ?? String(id)
const rows = table.rows.map((each, at) => ({
  ...each,
  promotes: statistics[at]!.logits.top.slice(0, 5).map((effect) => token(effect.token)),
}))
const stored = { dictionary: name, engine: backend.fingerprint, ...table, rows }
if (out) writeFileSync(out, `${JSON.stringify(stored, null, 2)}\n`)
console.log(JSON.stringify({ ...stored, rows: undefined }))
