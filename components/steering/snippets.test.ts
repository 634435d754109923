/** Runs every snippet as pasted, against a server that records each request. */
import { execFile } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Intervention } from '../../trainer/steering/intervention'
import { SNIPPETS } from './snippets'

const run = promisify(execFile)
const NASTY = 'it\'s "quoted" \\n \\ $HOME `id` %s {x} ${y}\n\ttabs, \u2028 é 🙂 \u0007 \'\'\' """ !history'

const intervention = Intervention.parse({
  model: "o'model",
  prompt: NASTY,
  sweep: [0.5, 1e21],
  edits: [
    { dictionary: "d/'; rm -rf /", feature: 3, mode: 'ablate', positions: [0, 4] },
    { hook: 'h', vector: [1, -2.5e-9, 3], mode: 'add', strength: -1 },
  ],
  sampling: { stop: ["'", '\n'] },
  details: { alternatives: 5, kl: true },
})

let server: Server
let url: string
let received: { path?: string; type?: string; body?: unknown }
let status = 200

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as unknown
      received = { path: `${request.method} ${request.url}`, type: request.headers['content-type'], body }
      const answer =
        status === 200 ? { answers: [{ branch: 'steered', text: 'the text' }] } : { error: { message: 'said why' } }
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

async function paste(kind: 'curl' | 'typescript' | 'python'): Promise<string> {
  received = {}
  const text = SNIPPETS[kind].write(intervention, url)
  if (kind === 'curl') return (await run('sh', ['-c', text])).stdout
  const file = join(await mkdtemp(join(tmpdir(), 'loupe-snippet-')), kind === 'python' ? 'a.py' : 'a.mts')
  await writeFile(file, text)
  if (kind === 'python') return (await run('python3', [file])).stdout
  return (await run(process.execPath, ['--import', 'tsx', file], { cwd: process.cwd() })).stdout
}

it('the JSON is the intervention', () => {
  expect(JSON.parse(SNIPPETS.json.write(intervention, url))).toEqual(intervention)
})

it.each(['curl', 'typescript', 'python'] as const)(
  '%s sends the very intervention and shows the answer',
  async (kind) => {
    status = 200
    const output = await paste(kind)
    expect(received).toEqual({
      path: 'POST /api/v1/steer',
      type: expect.stringMatching(/^application\/json/) as string,
      body: intervention,
    })
    expect(output).toContain('the text')
  },
)

it.each(['typescript', 'python'] as const)('%s fails with the error of the API', async (kind) => {
  status = 400
  await expect(paste(kind)).rejects.toThrow('said why')
})
