/** Database and compute client of the web process: opened on first use, kept until the process ends. */
import { LoupeError } from '../../trainer/errors'
import { environmentVariable } from '../base/environment'
import { computeFromEnvironment, type ComputeClient } from '../compute/client'
import type { Database } from '../db/client'
import { connectDatabase } from '../db/connect'

let database: Database | undefined

/** The program that starts the web process sets `DATABASE_URL` and migrates the schema before. */
export function webDatabase(): Database {
  const url = environmentVariable('DATABASE_URL')
  if (!url) {
    throw new LoupeError('unavailable', 'the web process was started without a database', {
      remedy: 'start everything together with: npx loupe start',
    })
  }
  return (database ??= connectDatabase(url))
}

let compute: ComputeClient | undefined

export const webCompute = (): ComputeClient => (compute ??= computeFromEnvironment())
