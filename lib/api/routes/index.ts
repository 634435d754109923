/** Every route of the API, listed once; the description, the dispatch and the client follow from it. */
import type { Route } from '../route'
import { statusRoutes } from './status'

export const ROUTES: readonly Route[] = [...statusRoutes]
