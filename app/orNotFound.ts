import { notFound } from 'next/navigation'
import { databaseError } from '../lib/db/databaseError'

/** The result of a lookup, or the page of status 404 when the thing does not exist or the name is invalid. */
export async function orNotFound<T>(lookup: Promise<T>): Promise<T> {
  try {
    return await lookup
  } catch (error) {
    const code = databaseError(error)?.code
    if (code === 'not-found' || code === 'bad-input') notFound()
    throw error
  }
}
