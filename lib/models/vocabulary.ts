/** Texts of a model's tokens, stored in the database: pages show and search them without the model's tokenizer. */
import type { LoupeTokenizer } from '../../trainer/model/types'
import type { Database } from '../db/connect'

export interface Vocabulary {
  /** Number of tokens with a text; 0 for a model without a tokenizer. */
  readonly size: number
  /** The token as it appears in running text, with its spaces; special tokens by name; `<id>` for a token without text. */
  textOf(id: number): string
  /**
   * Ids of the tokens that match a typed text, best first: exactly this text, this text apart from case and one leading
   * space, tokens that start with it, tokens that contain it. Among equals, the shorter text comes first, then the
   * smaller id.
   */
  search(text: string, limit: number): number[]
}

/** Number of vocabularies in this process's cache. A model's files never change. 250,000 tokens need about 30 MB. */
const CACHED = 8
const cache = new Map<string, Promise<Vocabulary>>()

/** Stores the texts if they are not stored yet. A model without a tokenizer has none. */
export async function ensureVocabulary(
  { pool }: Database,
  modelId: string,
  tokenizer: LoupeTokenizer | undefined,
): Promise<void> {
  if (!tokenizer) return
  const { rowCount } = await pool.query('SELECT 1 FROM vocabulary WHERE model_id = $1', [modelId])
  if (rowCount) return
  const texts = Array.from({ length: tokenizer.vocabularySize }, (_, id) => tokenizer.tokenText(id))
  await pool.query('INSERT INTO vocabulary (model_id, texts) VALUES ($1, $2) ON CONFLICT (model_id) DO NOTHING', [
    modelId,
    Buffer.from(JSON.stringify(texts)),
  ])
}

/** The vocabulary of a model; an empty one for a model without a tokenizer. */
export async function readVocabulary(database: Database, modelId: string): Promise<Vocabulary> {
  const known = cache.get(modelId)
  if (known) return known
  const reading = fetchVocabulary(database, modelId)
  cache.set(modelId, reading)
  if (cache.size > CACHED) cache.delete(cache.keys().next().value!)
  const forget = () => {
    if (cache.get(modelId) === reading) cache.delete(modelId)
  }
  // Texts that are missing now can be stored before the next call.
  reading.then(({ size }) => size === 0 && forget(), forget)
  return reading
}

async function fetchVocabulary({ pool }: Database, modelId: string): Promise<Vocabulary> {
  const { rows } = await pool.query<{ texts: string }>(
    `SELECT convert_from(texts, 'UTF8') AS texts FROM vocabulary WHERE model_id = $1`,
    [modelId],
  )
  return createVocabulary(rows[0] ? (JSON.parse(rows[0].texts) as string[]) : [])
}

export function createVocabulary(texts: readonly string[]): Vocabulary {
  let folded: string[] | undefined
  return {
    size: texts.length,
    textOf: (id) => texts[id] ?? `<${id}>`,
    search(text, limit) {
      if (text === '') return []
      folded ??= texts.map(bare)
      return rank(texts, folded, text)
        .slice(0, limit)
        .map(({ id }) => id)
    },
  }
}

/** In lower case and without one leading space. A token of spaces alone stays as it is. */
function bare(text: string): string {
  const lower = text.toLowerCase()
  return lower.startsWith(' ') && lower.trim() !== '' ? lower.slice(1) : lower
}

interface Match {
  id: number
  quality: number
  length: number
}

function rank(texts: readonly string[], folded: readonly string[], text: string): Match[] {
  const sought = bare(text)
  const matches: Match[] = []
  for (let id = 0; id < folded.length; id++) {
    const token = folded[id]!
    if (!token.includes(sought)) continue
    const quality = texts[id] === text ? 0 : token === sought ? 1 : token.startsWith(sought) ? 2 : 3
    matches.push({ id, quality, length: token.length })
  }
  return matches.sort((a, b) => a.quality - b.quality || a.length - b.length || a.id - b.id)
}
