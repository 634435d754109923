/**
 * The typed client of the API: paths, parameters and answers come from `schema.ts`, which is generated from the OpenAPI
 * description (`npm run generate`). Runs in browsers and in Node.
 */
import createClient, { type Client } from 'openapi-fetch'
import type { paths } from './schema'

export type Api = Client<paths>

/** An error answer of the API. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly remedy: string | null,
  ) {
    super(message)
    this.name = 'ApiProblem'
  }
}

/**
 * @param baseUrl e.g. `http://127.0.0.1:3000`; empty in pages
 * @param client any name; requests under one name share one place in the queue
 */
export function createApi(baseUrl: string, client: string): Api {
  return createClient<paths>({ baseUrl, headers: { 'x-loupe-client': client } })
}

/** The data of a successful answer. Throws `ApiProblem` for an error answer, and when there is no answer. */
export async function ok<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call.catch((cause: unknown) => {
    if ((cause as Error).name === 'AbortError') throw cause
    throw new ApiProblem(0, 'unavailable', 'Loupe does not answer', 'is it running? Start it with: npx loupe start')
  })
  if (response.ok && data !== undefined) return data
  throw problemOf(response.status, error)
}

/** The problem in the body of an error answer. */
export function problemOf(status: number, body: unknown): ApiProblem {
  const { code, message, remedy } =
    (body as { error?: { code: string; message: string; remedy: string | null } })?.error ?? {}
  return new ApiProblem(status, code ?? 'internal', message ?? `Loupe answered with status ${status}`, remedy ?? null)
}
