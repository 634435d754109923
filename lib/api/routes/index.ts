/** Every route of the API, listed once; the description, the dispatch and the client follow from it. */
import type { Route } from '../route'
import { architectureRoutes } from './architectures'
import { compareRoutes } from './compare'
import { dictionaryRoutes } from './dictionaries'
import { encodeRoutes } from './encode'
import { featureRoutes } from './features'
import { figureRoutes } from './figures'
import { generationRoutes } from './generations'
import { harvestRoutes } from './harvests'
import { jobRoutes } from './jobs'
import { labelRoutes } from './labels'
import { modelRoutes } from './models'
import { presetRoutes } from './presets'
import { runRoutes } from './runs'
import { statusRoutes } from './status'
import { steerRoutes } from './steer'
import { suiteRoutes } from './suite'
import { sweepRoutes } from './sweeps'

export const ROUTES: readonly Route[] = [
  ...dictionaryRoutes,
  ...suiteRoutes,
  ...featureRoutes,
  ...labelRoutes,
  ...compareRoutes,
  ...statusRoutes,
  ...encodeRoutes,
  ...modelRoutes,
  ...steerRoutes,
  ...presetRoutes,
  ...generationRoutes,
  ...figureRoutes,
  ...runRoutes,
  ...sweepRoutes,
  ...architectureRoutes,
  ...harvestRoutes,
  ...jobRoutes,
]
