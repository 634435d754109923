import { notFound } from 'next/navigation'
import { LoupeError } from '../../trainer/errors'

/** For pages: what a lookup finds; a page of status 404 where there is nothing of that name. */
export async function orNotFound<T>(lookup: Promise<T>): Promise<T> {
  try {
    return await lookup
  } catch (error) {
    if (error instanceof LoupeError && error.code === 'not-found') notFound()
    throw error
  }
}
