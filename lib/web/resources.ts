/** What pages and API share in the web process: opened on first use, kept while it lives. */
import { LoupeError } from '../../trainer/errors'
import { computeFromEnvironment, type ComputeClient } from '../compute/client'
import type { Database } from '../db/client'
import { connectDatabase } from '../db/connect'

let database: Database | undefined

/** `DATABASE_URL` comes from whoever starts the web process; the schema is migrated by then. */
export function webDatabase(): Database {
  const url = process.env['DATABASE_URL']
  if (!url) {
    throw new LoupeError('unavailable', 'the web process was started without a database', {
      remedy: 'start everything together with: npx loupe start',
    })
  }
  return (database ??= connectDatabase(url))
}

let compute: ComputeClient | undefined

export const webCompute = (): ComputeClient => (compute ??= computeFromEnvironment())
