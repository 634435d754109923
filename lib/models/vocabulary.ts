/** Texts of a model's tokens, kept in the database: pages show and search them without the model's tokenizer. */
import type { LoupeTokenizer } from '../../trainer/model/types'
import type { Database } from '../db/connect'

export interface Vocabulary {
  /** Tokens that have a text; 0 for a model without a tokenizer. */
  readonly size: number
  /** The token as it appears in running text (spaces kept); special tokens by name; `<id>` where there is no text. */
  textOf(id: number): string
  /**
   * Ids of the tokens that match a typed text, best first: the very text, the text without regard to case and one
   * leading space, tokens that begin with it, tokens that contain it. Equally good ones: shorter, then smaller id.
   */
  search(text: string, limit: number): number[]
}

/** Vocabularies kept in this process; a model's files never change. A quarter of a million tokens take about 30 MB. */
const CACHED = 8
const cache = new Map<string, Promise<Vocabulary>>()

/** Writes the texts down unless they are there. Without a tokenizer there are none. */
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
  // What is not there yet may be there next time.
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

/** Without regard to case and to one leading space; a token of spaces alone stays as it is. */
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
  const wanted = bare(text)
  const found: Match[] = []
  for (let id = 0; id < folded.length; id++) {
    const token = folded[id]!
    if (!token.includes(wanted)) continue
    const quality = texts[id] === text ? 0 : token === wanted ? 1 : token.startsWith(wanted) ? 2 : 3
    found.push({ id, quality, length: token.length })
  }
  return found.sort((a, b) => a.quality - b.quality || a.length - b.length || a.id - b.id)
}
