'use client'

/** The API client of the pages. */
import { createApi, ok } from '../lib/api/client/client'

/** One id for each tab: the requests of a tab share one place in the queue of the compute process. */
export const CLIENT_ID = `page-${Math.random().toString(36).slice(2)}`

export const api = createApi('', CLIENT_ID)
export { ok }
