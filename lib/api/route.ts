/** A route of the API as one record: everything that validation, documentation and dispatch need. */
import { z } from 'zod'
import type { ComputeClient } from '../compute/client'
import type { Database } from '../db/client'
import type { RouteExample } from './example'
import type { StreamAnswer } from './stream'

export const METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const
export type Method = (typeof METHODS)[number]

/** The arguments of a handler besides its input. */
export interface ApiContext {
  database: Database
  compute: () => ComputeClient
  /** Name of the client, for equal shares: a header that pages and programs may set. */
  client: string
  /** Aborted when the client disconnects or the time is up. */
  signal: AbortSignal
  /** All routes, for the description of the API. */
  routes: readonly Route[]
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
  /** More than the summary: units, limits, waiting times. */
  description?: string
  tag: string
  params: z.ZodObject
  query: z.ZodObject
  body: z.ZodType | undefined
  /** Schema of the JSON answer. */
  response: z.ZodType
  /** For routes that can answer with a stream: its media type and, for server-sent events, the schema of an event. */
  stream: { contentType: string; event?: z.ZodType; when: string } | undefined
  /** Limit on the time of the answer. */
  timeoutSeconds: number
  /** The example on the page of the API; null for no example. */
  example: RouteExample | null
  handler: (input: RouteInput<unknown, unknown, unknown>, context: ApiContext) => Promise<unknown>
}

const None = z.strictObject({})
type None = typeof None

/** Checks the types of a handler against its schemas; the list of all routes does not keep these types. */
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
  /** Needed when the query or the body has required fields; default: the bare path. Null shows no example. */
  example?: RouteExample | null
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
    example: route.example === undefined ? () => ({}) : route.example,
    handler: route.handler as Route['handler'],
  }
}
