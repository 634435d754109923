'use client'

/** How pages ask the API. */
import { createApi, ok } from '../lib/api/client/client'

/** One per tab: the requests of a tab share one place in the queue of the compute process. */
export const CLIENT_ID = `page-${Math.random().toString(36).slice(2)}`

export const api = createApi('', CLIENT_ID)
export { ok }
