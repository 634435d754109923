/** Reads text and JSON files that can be absent. */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import { LoupeError } from './errors'

/** Undefined if the file does not exist. */
export async function readTextIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/**
 * A JSON file with a known shape; undefined if the file does not exist.
 * @throws LoupeError naming the file and every key that is wrong
 */
export async function readJsonIfPresent<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readTextIfPresent(file)
  if (text === undefined) return undefined
  const source = basename(file)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new LoupeError('bad-input', `${source} is not JSON (${(cause as Error).message})`, {
      remedy: 'the file is damaged: fetch the model again',
      cause,
    })
  }
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  throw new LoupeError('bad-input', `${source}: ${z.prettifyError(parsed.error)}`)
}
