/** A route of the API as a form filled in: everything that validation, documentation and dispatch need to know. */
import { z } from 'zod'
import type { ComputeClient } from '../compute/client'
import type { Database } from '../db/client'
import type { StreamAnswer } from './stream'

export const METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const
export type Method = (typeof METHODS)[number]

/** What a handler may use. */
export interface ApiContext {
  database: Database
  compute: () => ComputeClient
  /** Who asks, for fair shares: a header that pages and programs may set. */
  client: string
  /** Aborted when the client has gone or the time is up. */
  signal: AbortSignal
}

export interface RouteInput<Params, Query, Body> {
  params: Params
  query: Query
  body: Body
}

export interface Route {
  method: Method
  /** Below `/api/v1`, e.g. `/dictionaries/{id}`. */
  path: `/${string}`
  /** One line, imperative. */
  summary: string
  /** What the summary does not say: units, limits, what it waits for. */
  description?: string
  tag: string
  params: z.ZodObject
  query: z.ZodObject
  body: z.ZodType | undefined
  /** Of the JSON answer. */
  response: z.ZodType
  /** For routes that can answer with a stream: its media type and, for server-sent events, the schema of an event. */
  stream: { contentType: string; event?: z.ZodType; when: string } | undefined
  /** How long the answer may take. */
  timeoutSeconds: number
  handler: (input: RouteInput<unknown, unknown, unknown>, context: ApiContext) => Promise<unknown>
}

const None = z.strictObject({})
type None = typeof None

/** Keeps a route's types inside its handler while the list of all routes forgets them. */
export function defineRoute<
  Response extends z.ZodType,
  Params extends z.ZodObject = None,
  Query extends z.ZodObject = None,
  Body extends z.ZodType = z.ZodUndefined,
>(route: {
  method: Method
  path: `/${string}`
  summary: string
  description?: string
  tag: string
  params?: Params
  query?: Query
  body?: Body
  response: Response
  stream?: { contentType: string; event?: z.ZodType; when: string }
  /** Default 30. */
  timeoutSeconds?: number
  handler: (
    input: RouteInput<z.output<Params>, z.output<Query>, z.output<Body>>,
    context: ApiContext,
  ) => Promise<z.input<Response> | StreamAnswer>
}): Route {
  return {
    ...route,
    params: route.params ?? None,
    query: route.query ?? None,
    body: route.body,
    stream: route.stream,
    timeoutSeconds: route.timeoutSeconds ?? 30,
    handler: route.handler as Route['handler'],
  }
}
