/** What the tests of the whole way share: a database for each file, and the flags of a small harvest and training. */
import { afterAll, beforeAll } from 'vitest'
import { openDatabase, type Database } from '../../lib/db/client'
import { harvestDigest } from '../../trainer/store/shards'
import { emptyDatabase, type EmptyDatabase } from '../support/database'

export const MODEL = 'smollm2-135m-instruct'
export const HOOK = 'blocks.1.hook_resid_post'

/** Gives the commands of this file, in this process and in others, a database that no other file uses. */
export function setUpDatabase(): { readonly current: Database } {
  let empty: EmptyDatabase
  let database: Database
  beforeAll(async () => {
    empty = await emptyDatabase()
    process.env['DATABASE_URL'] = empty.url
    database = await openDatabase()
  })
  afterAll(async () => {
    delete process.env['DATABASE_URL']
    await database[Symbol.asyncDispose]()
    await empty[Symbol.asyncDispose]()
  })
  return {
    get current() {
      return database
    },
  }
}

/** A hash over everything that a harvest stores. */
export async function digestOf({ prisma, pool }: Database, name: string): Promise<string> {
  const { id } = await prisma.harvest.findUniqueOrThrow({ where: { name } })
  return harvestDigest(pool, id)
}

/** The sha256 of a dictionary's weights. */
export async function weightsOf({ prisma }: Database, name: string): Promise<string> {
  const { weights } = await prisma.dictionary.findUniqueOrThrow({ where: { name }, include: { weights: true } })
  return Buffer.from(weights.sha256).toString('hex')
}

export const harvestFlags = (name: string, tokens = 12_000): string[] => [
  'harvest',
  '--model',
  MODEL,
  '--hook',
  HOOK,
  '--tokens',
  String(tokens),
  '--name',
  name,
]

/** Trains on the harvest `whole`. */
export const trainFlags = (name: string): string[] => [
  'train',
  '--harvest',
  'whole',
  '--d-sae',
  '256',
  '--k',
  '8',
  '--tokens',
  '200k',
  '--name',
  name,
  '--batch-size',
  '1024',
]
