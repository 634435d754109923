/** Every route of the API, listed once; the description, the dispatch and the client follow from it. */
import type { Route } from '../route'
import { encodeRoutes } from './encode'
import { featureRoutes } from './features'
import { labelRoutes } from './labels'
import { modelRoutes } from './models'
import { statusRoutes } from './status'
import { steerRoutes } from './steer'

export const ROUTES: readonly Route[] = [
  ...featureRoutes,
  ...labelRoutes,
  ...statusRoutes,
  ...encodeRoutes,
  ...modelRoutes,
  ...steerRoutes,
]
