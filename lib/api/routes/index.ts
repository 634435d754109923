/** Every route of the API, listed once; the description, the dispatch and the client follow from it. */
import type { Route } from '../route'
import { featureRoutes } from './features'
import { labelRoutes } from './labels'
import { statusRoutes } from './status'

export const ROUTES: readonly Route[] = [...featureRoutes, ...labelRoutes, ...statusRoutes]
