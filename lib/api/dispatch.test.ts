import { afterEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { LoupeError } from '../../trainer/errors'
import { MAX_BODY_BYTES } from './body'
import { dispatch } from './dispatch'
import { ErrorBody } from '../base/errorBody'
import { defineRoute, type ApiContext } from './route'
import { eventStream, StreamAnswer, type ServerEvent } from './stream'

const HOST = '127.0.0.1:3000'
const seen: { client?: string; signal?: AbortSignal; body?: unknown; ended?: boolean } = {}
const Echo = z.strictObject({ got: z.unknown() })
const tag = 'test'

async function* counting(): AsyncGenerator<ServerEvent> {
  try {
    for (let number = 1; ; number++) {
      await Promise.resolve()
      yield { event: 'number', data: number }
      if (number === 3) throw new LoupeError('unavailable', 'three is the end', { remedy: 'count again' })
    }
  } finally {
    seen.ended = true
  }
}

const ROUTES = [
  defineRoute({
    method: 'GET',
    path: '/things/{id}',
    summary: 'one',
    tag,
    response: Echo,
    params: z.strictObject({ id: z.string().max(20) }),
    handler: ({ params }, { client }) => {
      seen.client = client
      return Promise.resolve({ got: params.id })
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/things/random',
    summary: 'a literal',
    tag,
    response: Echo,
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(10).default(5),
      tag: z.array(z.string()).optional(),
    }),
    handler: ({ query }) => Promise.resolve({ got: query }),
  }),
  defineRoute({
    method: 'POST',
    path: '/things',
    summary: 'make',
    tag,
    response: Echo,
    body: z.strictObject({ name: z.string(), size: z.number().optional() }),
    handler: ({ body }) => Promise.resolve({ got: body }),
  }),
  defineRoute({
    method: 'GET',
    path: '/fails/{how}',
    summary: 'fail',
    tag,
    response: Echo,
    params: z.strictObject({ how: z.string() }),
    handler: ({ params }) => Promise.reject(FAILURES[params.how]!()),
  }),
  defineRoute({
    method: 'GET',
    path: '/wrong',
    summary: 'an answer against its schema',
    tag,
    response: z.strictObject({ number: z.number() }),
    handler: () => Promise.resolve({ number: Number.NaN }),
  }),
  defineRoute({
    method: 'GET',
    path: '/slow',
    summary: 'never',
    tag,
    response: Echo,
    timeoutSeconds: 0.05,
    handler: (_input, { signal }) => {
      seen.signal = signal
      return new Promise<never>(() => undefined)
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/numbers',
    summary: 'count',
    tag,
    response: z.never(),
    stream: { contentType: 'text/event-stream', when: 'always' },
    handler: () =>
      Promise.resolve(
        eventStream(counting(), (error) => ({ event: 'error', data: { message: (error as Error).message } })),
      ),
  }),
  defineRoute({
    method: 'GET',
    path: '/file',
    summary: 'a file',
    tag,
    response: z.never(),
    stream: { contentType: 'text/csv', when: 'always' },
    handler: () => Promise.resolve(new StreamAnswer('text/csv', new Blob(['a,b\n']).stream(), 'table.csv')),
  }),
]

const FAILURES: Record<string, () => Error> = {
  known: () => new LoupeError('conflict', 'that name is taken', { remedy: 'choose another' }),
  unfit: () => Object.assign(new Error('invalid byte sequence'), { code: '22021' }),
  wrapped: () => Object.assign(new Error(), { meta: { driverAdapterError: { cause: { originalCode: '22003' } } } }),
  defect: () => new TypeError('secret: cannot read the password of undefined'),
}

interface Given {
  method?: string
  headers?: Record<string, string>
  body?: BodyInit
  signal?: AbortSignal
}

async function ask(path: string, { method = 'GET', headers = {}, body, signal }: Given = {}): Promise<Response> {
  const request = new Request(`http://${HOST}/api/v1${path}`, {
    method,
    headers: { host: HOST, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body, duplex: 'half' }),
    ...(signal && { signal }),
  })
  return dispatch(request, ROUTES, () => ({}) as Pick<ApiContext, 'database' | 'compute'>)
}

/** Every refusal has the same shape, and no answer is kept. */
async function refusal(response: Promise<Response>) {
  const { status, headers, ...rest } = await response
  expect(headers.get('cache-control')).toBe('no-store')
  const { error } = ErrorBody.parse(await (await response).json())
  return { status, ...rest, ...error }
}

const post = (body: BodyInit, headers?: Record<string, string>) =>
  ask('/things', { method: 'POST', body, ...(headers && { headers }) })

afterEach(() => vi.restoreAllMocks())

describe('access', () => {
  it.each(['127.0.0.1:3000', 'localhost:3000', '[::1]:3000', 'localhost'])('%s is this machine', async (host) => {
    expect((await ask('/things/a', { headers: { host } })).status).toBe(200)
  })

  it.each([
    'example.com',
    '127.0.0.1.example.com:3000',
    '192.168.0.7:3000',
    'localhost.evil',
    '',
    'a b',
    '127.0.0.1@evil',
  ])('the host "%s" is refused', async (host) => {
    expect(await refusal(ask('/things/a', { headers: { host } }))).toMatchObject({ status: 403, code: 'forbidden' })
  })

  it('is allowed for pages that Loupe serves, and for no other site', async () => {
    const from = (origin: string) => ask('/things/a', { headers: { origin } })
    expect((await from(`http://${HOST}`)).status).toBe(200)
    for (const origin of ['https://example.com', 'http://127.0.0.1:4000', 'null', `http://${HOST}.example.com`]) {
      expect(await refusal(from(origin)), origin).toMatchObject({ status: 403, code: 'forbidden' })
    }
  })

  it('gives the handler the name of the client, up to 64 characters', async () => {
    await ask('/things/a', { headers: { 'x-loupe-client': 'x'.repeat(500) } })
    expect(seen.client).toBe('x'.repeat(64))
    await ask('/things/a')
    expect(seen.client).toBe('anonymous')
  })
})

describe('the route of a request', () => {
  it('a literal wins over a parameter', async () => {
    expect(await (await ask('/things/random')).json()).toEqual({ got: { limit: 5 } })
  })

  it('parameters are decoded, and may contain a slash', async () => {
    expect(await (await ask('/things/a%2Fb%20c')).json()).toEqual({ got: 'a/b c' })
    expect(await (await ask('/things/..%2F..%2Fetc')).json()).toEqual({ got: '../../etc' })
  })

  it.each(['/nothing', '/things/a/b', '/', '/things/%E0%A4%A'])('%s does not exist', async (path) => {
    expect(await refusal(ask(path))).toMatchObject({ status: 404, code: 'not-found' })
  })

  it('names the methods that a path accepts', async () => {
    const answer = await refusal(ask('/things', { method: 'DELETE' }))
    expect(answer).toMatchObject({ status: 405, code: 'wrong-method' })
    expect(answer.remedy).toContain('POST')
  })
})

describe('the input', () => {
  it('errors name the field', async () => {
    for (const path of ['/things/random?limit=0', '/things/random?limit=NaN', '/things/random?limit=1&limit=2']) {
      const { status, message } = await refusal(ask(path))
      expect(status, path).toBe(400)
      expect(message, path).toContain('query.limit')
    }
    expect((await refusal(ask(`/things/${'x'.repeat(21)}`))).message).toContain('path.id')
    expect((await refusal(ask('/things/random?surprise=1'))).message).toContain('surprise')
  })

  it('repeated keys make a list', async () => {
    expect(await (await ask('/things/random?tag=a&tag=b')).json()).toEqual({ got: { limit: 5, tag: ['a', 'b'] } })
  })

  it.each([
    ['{"name":', 'not JSON'],
    ['[]', 'body'],
    ['{"name":1}', 'body.name'],
    ['{"name":"a","size":null}', 'body.size'],
    ['{"name":"a","size":NaN}', 'not JSON'],
    ['{"name":"a","more":1}', 'more'],
    ['', 'body'],
    [new Uint8Array([0xff, 0xfe, 0x22]), 'not JSON'],
  ])('the body %s is refused', async (body, named) => {
    const { status, code, message } = await refusal(post(body))
    expect({ status, code }).toEqual({ status: 400, code: 'bad-input' })
    expect(message).toContain(named)
  })

  it('a body of another type is refused: forms of other sites cannot send JSON', async () => {
    const { status, remedy } = await refusal(post('{"name":"a"}', { 'content-type': 'text/plain' }))
    expect(status).toBe(400)
    expect(remedy).toContain('application/json')
  })

  it('a body over the limit is refused, with and without its length in a header', async () => {
    const large = `{"name":"${'x'.repeat(MAX_BODY_BYTES)}"}`
    expect(await refusal(post(large))).toMatchObject({ status: 413, code: 'too-large' })
    let sent = 0
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(1 << 20).fill((sent++, 0x20))),
    })
    expect(await refusal(post(endless))).toMatchObject({ status: 413, code: 'too-large' })
    expect(sent).toBeLessThan(MAX_BODY_BYTES / (1 << 20) + 4)
  })
})

describe('the answer', () => {
  it('errors for people keep their text', async () => {
    expect(await refusal(ask('/fails/known'))).toMatchObject({
      status: 409,
      code: 'conflict',
      message: 'that name is taken',
      remedy: 'choose another',
    })
  })

  it.each(['unfit', 'wrapped'])('a value that the database cannot hold is the request’s fault (%s)', async (how) => {
    expect(await refusal(ask(`/fails/${how}`))).toMatchObject({ status: 400, code: 'bad-input' })
  })

  it.each(['/fails/defect', '/wrong'])(
    '%s is a defect: the answer has a reference, the log has the details',
    async (path) => {
      const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
      const { status, code, message } = await refusal(ask(path))
      expect({ status, code }).toEqual({ status: 500, code: 'internal' })
      expect(message).not.toMatch(/secret|NaN|at /)
      const reference = /reference (\w{8})/.exec(message)![1]!
      expect(String(log.mock.calls[0]![0])).toContain(reference)
    },
  )

  it('a handler that takes too long is stopped, and its signal aborted', async () => {
    expect(await refusal(ask('/slow'))).toMatchObject({ status: 504, code: 'timeout' })
    expect(seen.signal!.aborted).toBe(true)
  })

  it('a client that disconnects aborts its handler', async () => {
    const leaving = new AbortController()
    const answer = refusal(ask('/slow', { signal: leaving.signal }))
    leaving.abort()
    expect(await answer).toMatchObject({ status: 499, code: 'cancelled' })
    expect(seen.signal!.aborted).toBe(true)
  })
})

describe('streams', () => {
  it('are events with ascending ids, and an error is the last event', async () => {
    const response = await ask('/numbers')
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const text = await response.text()
    expect(text.split('\n\n').filter(Boolean)).toEqual([
      'id: 1\nevent: number\ndata: 1',
      'id: 2\nevent: number\ndata: 2',
      'id: 3\nevent: number\ndata: 3',
      'id: 4\nevent: error\ndata: {"message":"three is the end"}',
    ])
  })

  it('end their generator when the client stops reading', async () => {
    seen.ended = false
    const reader = (await ask('/numbers')).body!.getReader()
    await reader.read()
    await reader.cancel()
    expect(seen.ended).toBe(true)
  })

  it('have a file name', async () => {
    const response = await ask('/file')
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="table.csv"')
    expect(await response.text()).toBe('a,b\n')
  })
})
