/** Handles every request: checks access, finds the route, parses the input, runs the handler, checks the answer. */
import type { z } from 'zod'
import { LoupeError } from '../../trainer/errors'
import { checkAccess } from './access'
import { readJson } from './body'
import { badInput, errorBody } from './errors'
import type { ApiContext, Route } from './route'
import { StreamAnswer } from './stream'

export const API_PREFIX = '/api/v1'

const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

/** @param resources shared by all handlers; created once per process */
export async function dispatch(
  request: Request,
  routes: readonly Route[],
  resources: () => Pick<ApiContext, 'database' | 'compute'>,
): Promise<Response> {
  try {
    checkAccess(request.headers)
    const { route, params } = findRoute(routes, request)
    const input = {
      params: parse(route.params, params, 'path'),
      query: parse(route.query, queryOf(request), 'query'),
      body: route.body && parse(route.body, await readJson(request), 'body'),
    }
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(route.timeoutSeconds * 1000)])
    const client = request.headers.get('x-loupe-client')?.slice(0, 64) ?? 'anonymous'
    const answer = await untilAborted(route.handler(input, { ...resources(), client, signal, routes }), signal)
    if (answer instanceof StreamAnswer) return streamResponse(answer)
    return Response.json(route.response.parse(answer), { headers: HEADERS })
  } catch (error) {
    const { status, body } = errorBody(error)
    return Response.json(body, { status, headers: HEADERS })
  }
}

function streamResponse({ contentType, stream, filename }: StreamAnswer): Response {
  // Proxies must not collect events before they pass them on.
  const headers = new Headers({ ...HEADERS, 'content-type': contentType, 'x-accel-buffering': 'no' })
  if (filename) headers.set('content-disposition', `attachment; filename="${filename}"`)
  return new Response(stream, { headers })
}

/** Answers in time even when a handler ignores the signal. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort = () => undefined as void
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error)
    signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

function parse<S extends z.ZodType>(schema: S, value: unknown, where: string): z.output<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw badInput(where, parsed.error)
}

/** Repeated keys become a list. */
function queryOf(request: Request): Record<string, string | string[]> {
  const { searchParams } = new URL(request.url)
  return Object.fromEntries(
    [...new Set(searchParams.keys())].map((key) => {
      const values = searchParams.getAll(key)
      return [key, values.length === 1 ? values[0]! : values]
    }),
  )
}

interface Match {
  route: Route
  params: Record<string, string>
}

function findRoute(routes: readonly Route[], request: Request): Match {
  const { pathname } = new URL(request.url)
  const segments = pathname.slice(API_PREFIX.length).split('/').filter(Boolean)
  const matching = routes.flatMap((route): Match[] => {
    const params = matchPath(route.path, segments)
    return params ? [{ route, params }] : []
  })
  // A literal segment wins over a parameter in any order of the list: `/features/random` before `/features/{index}`.
  matching.sort((a, b) => Object.keys(a.params).length - Object.keys(b.params).length)
  const match = matching.find(({ route }) => route.method === request.method)
  if (match) return match
  if (matching.length === 0) {
    throw new LoupeError('not-found', `there is no ${pathname}`, { remedy: 'the routes are listed at /docs/api' })
  }
  const methods = [...new Set(matching.map(({ route }) => route.method))]
  throw new LoupeError('wrong-method', `${pathname} does not accept ${request.method}`, {
    remedy: `it accepts ${methods.join(', ')}`,
  })
}

/** The parameters of a matching path. A segment that cannot be decoded matches nothing. */
function matchPath(path: string, segments: readonly string[]): Record<string, string> | undefined {
  const parts = path.split('/').filter(Boolean)
  if (parts.length !== segments.length) return undefined
  const params: Record<string, string> = {}
  for (const [at, part] of parts.entries()) {
    const segment = decoded(segments[at]!)
    if (segment === undefined) return undefined
    const name = /^\{(\w+)\}$/.exec(part)?.[1]
    if (name) params[name] = segment
    else if (part !== segment) return undefined
  }
  return params
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}
