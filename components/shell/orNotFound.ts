import { notFound } from 'next/navigation'
import { databaseError } from '../../lib/db/databaseError'

/** For pages: what a lookup finds; a page of status 404 where there is nothing of that name, or no such name can be. */
export async function orNotFound<T>(lookup: Promise<T>): Promise<T> {
  try {
    return await lookup
  } catch (error) {
    const code = databaseError(error)?.code
    if (code === 'not-found' || code === 'bad-input') notFound()
    throw error
  }
}
