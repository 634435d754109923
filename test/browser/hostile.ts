import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { ok, type ApiProblem } from '../../lib/api/client/client'
import { steerStream } from '../../lib/api/client/steer'
import type { SteeringAnswer } from '../../lib/steering/schema'
import { demoDictionary, type Bench } from './bench'

const MODEL = 'smollm2-135m-instruct'
const steering = (maxTokens: number) => ({
  model: MODEL,
  prompt: 'The people',
  sampling: { maxTokens, temperature: 0 },
})

/** Status and body of a request with headers that `fetch` would not send. */
function raw(url: string, headers: Record<string, string>, method = 'GET', body?: string | Buffer) {
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () => resolve({ status: response.statusCode!, body: text }))
    })
    sent.on('error', reject).end(body)
  })
}

const post = (bench: Bench, path: string, body: string) =>
  raw(`${bench.workbench.url}/api/v1${path}`, { 'content-type': 'application/json' }, 'POST', body)

async function steered({ workbench }: Bench): Promise<SteeringAnswer> {
  return (await ok(workbench.api.POST('/api/v1/steer', { body: steering(2) }))) as SteeringAnswer
}

async function computing(bench: Bench) {
  const { compute } = await ok(bench.workbench.api.GET('/api/v1/status'))
  return compute
}

export function describeHostileRequests(bench: Bench): void {
  it('of a foreign host or page get 403, on pages and API', async () => {
    const { url } = bench.workbench
    for (const path of ['/', '/api/v1/dictionaries']) {
      expect((await raw(url + path, { host: 'evil.example' })).status).toBe(403)
      expect((await raw(url + path, { origin: 'https://evil.example' })).status).toBe(403)
      expect((await raw(url + path, { origin: url })).status).toBe(200)
    }
  })

  it.each([
    ['/steer', '{"model": "smollm2-135m-instruct", "prompt": 7}'],
    ['/steer', '{"model": "smollm2-135m-instruct", "prompt": "x", "sampling": {"temperature": NaN}}'],
    ['/steer', '{"model": "smollm2-135m-instruct", "prompt": "x", "sampling": {"maxTokens": 1e9}}'],
    ['/steer', '{"model": "smollm2-135m-instruct", "promt": "x"}'],
    ['/steer', '{"model": "../../etc/passwd", "prompt": "x"}'],
    ['/steer', JSON.stringify({ model: MODEL, prompt: 'word '.repeat(20_000) })],
    ['/encode', '{"text": ["a"], "dictionaries": []}'],
    ['/encode', 'not json'],
    ['/runs', '{"architecture": "topk", "harvest": "none"}'],
  ])('to %s are refused: %.80s', async (path, body) => {
    const answer = await post(bench, path, body)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect(JSON.parse(answer.body)).toMatchObject({ error: { message: expect.any(String) as string } })
    expect(answer.body).not.toMatch(/node_modules|at .*\.ts/)
  })

  it('of 10 MB are refused', async () => {
    const answer = await post(bench, '/encode', JSON.stringify({ text: 'x'.repeat(10_000_000), dictionaries: ['a'] }))
    expect(answer.status).toBe(413)
  })

  it('with tricks in the path find nothing', async () => {
    const { id } = await demoDictionary(bench)
    const tricks = [
      '/..%2f..%2fetc%2fpasswd',
      '/dictionaries/%00',
      `/dictionaries/${id}/features/-1`,
      '/dictionaries/%ff',
    ]
    for (const path of [...tricks, `/dictionaries/${id}/features/1e3`, `/dictionaries/${id}/features/999999`]) {
      const { status } = await raw(`${bench.workbench.url}/api/v1${path}`, {})
      expect([path, status >= 400 && status < 500]).toEqual([path, true])
    }
  })

  it('50 streams at once wait their turn or are told to come later, and the next one works', async () => {
    const { url } = bench.workbench
    await bench.workbench.withCompute(async () => {
      const results = await Promise.all(
        Array.from({ length: 50 }, async (_, client) => {
          try {
            for await (const event of steerStream(steering(2), { baseUrl: url, client: `c${client}` }))
              if (event.type === 'end') return 'answered'
            return 'silent'
          } catch (error) {
            return (error as ApiProblem).code
          }
        }),
      )
      expect(results.filter((result) => result !== 'answered' && result !== 'unavailable')).toEqual([])
      expect(results.filter((result) => result === 'answered').length).toBeGreaterThan(20)
      const answer = await steered(bench)
      expect(answer.answers.length).toBe(2)
    })
  }, 300_000)

  it('of a client that vanishes stop computing', async () => {
    const { url } = bench.workbench
    const gone = new AbortController()
    const stream = steerStream(steering(2000), { baseUrl: url, client: 'vanishing', signal: gone.signal })
    for await (const event of stream) if (event.type === 'token') break
    gone.abort()
    await expect.poll(async () => (await computing(bench))?.active, { timeout: 10_000 }).toBe(0)
  }, 60_000)

  it('hear clearly when the compute process is killed, and the next one works', async () => {
    const { workbench } = bench
    const { url } = workbench
    const status = (await workbench.loupe('status', '--json').done).json<{
      processes: { name: string; pid: number | null }[]
    }>()
    const { pid } = status.processes.find(({ name }) => name === 'compute')!
    await workbench.withCompute(async () => {
      const broken = async () => {
        for await (const event of steerStream(steering(500), { baseUrl: url, client: 'killed' })) {
          if (event.type === 'token' && event.index === 1) process.kill(pid!, 'SIGKILL')
        }
      }
      await expect(broken()).rejects.toMatchObject({ code: 'unavailable', message: /compute process ended/ as never })
      await sleep(100)
      const answer = await steered(bench)
      expect(answer.answers[0]!.text.length).toBeGreaterThan(0)
    })
  }, 120_000)
}
