/** The whole API: routes are listed in lib/api/routes, and none can be reached but through `dispatch`. */
import { dispatch } from '../../../../lib/api/dispatch'
import { ROUTES } from '../../../../lib/api/routes'
import { webCompute, webDatabase } from '../../../../lib/web/resources'

export const dynamic = 'force-dynamic'

const handle = (request: Request): Promise<Response> =>
  dispatch(request, ROUTES, () => ({ database: webDatabase(), compute: webCompute }))

export { handle as GET, handle as POST, handle as PUT, handle as DELETE, handle as PATCH }
