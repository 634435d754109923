import { createServer, type Server } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { defaultPort, nextFreePort, portHolder, tryPort } from './ports'

let server: Server | undefined
afterEach(() => {
  server?.close()
  delete process.env['PORT']
})

async function listen(port = 0): Promise<number> {
  server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

describe('ports', () => {
  it('that are taken are told from free ones, and the next free one is found', async () => {
    const port = await listen()
    expect(await tryPort(port)).toBeUndefined()
    const free = await nextFreePort(port, '127.0.0.1')
    expect(free).toBeGreaterThan(port)
    expect(await tryPort(free)).toBe(free)
  })

  it('are named with the program that has them', async () => {
    const port = await listen()
    expect(await portHolder(port)).toContain(`(process ${process.pid})`)
    expect(await portHolder(1)).toBe('another program')
  })

  it('come from PORT, which has to be one', () => {
    expect(defaultPort()).toBe(3000)
    process.env['PORT'] = '8123'
    expect(defaultPort()).toBe(8123)
    process.env['PORT'] = 'ui'
    expect(defaultPort).toThrow(expect.objectContaining({ code: 'bad-usage' }))
  })
})
