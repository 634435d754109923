/** Ports of this machine: which are free, and which program uses the others. */
import { execFile } from 'node:child_process'
import { readFile, readdir, readlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { promisify } from 'node:util'
import { LoupeError } from '../../trainer/errors'
import { environmentVariable } from '../base/environment'

const DEFAULT_PORT = 3000
const TRIED = 100

/** The first port to try for the pages: `PORT`, default 3000. */
export function defaultPort(): number {
  const value = environmentVariable('PORT')
  if (!value) return DEFAULT_PORT
  const port = Number(value)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new LoupeError('bad-usage', `PORT is ${JSON.stringify(value)}`, { remedy: 'a whole number from 1 to 65535' })
}

/** The port if it is free (0: any free port), otherwise undefined. */
export function tryPort(port: number, host = '127.0.0.1'): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(undefined))
    probe.listen({ port, host, exclusive: true }, () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' ? address?.port : undefined))
    })
  })
}

/** The first free port from `first` upwards. */
export async function nextFreePort(first: number, host: string): Promise<number> {
  for (let port = first; port < Math.min(first + TRIED, 65_536); port++) {
    if ((await tryPort(port, host)) !== undefined) return port
  }
  throw new LoupeError('unavailable', `no port from ${first} to ${first + TRIED - 1} is free on ${host}`, {
    remedy: 'name a free port: --port',
  })
}

/** The program that listens on a port, for a message: `node server.js (process 123)`; programs of other users are not named. */
export async function portHolder(port: number): Promise<string> {
  const holder = process.platform === 'linux' ? await holderInProc(port) : await holderByLsof(port)
  return holder ?? 'another program'
}

async function holderByLsof(port: number): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'])
    const [, pid, name] = /^p(\d+)\nc(.*)$/m.exec(stdout) ?? []
    return pid && name ? `${name} (process ${pid})` : undefined
  } catch {
    return undefined
  }
}

/** `/proc/net/tcp` names the socket of a listener, and so does the listener's folder of open files. */
async function holderInProc(port: number): Promise<string | undefined> {
  const socket = (
    await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map((path) => listeningSocket(path, port)))
  ).find((inode) => inode !== undefined)
  if (!socket) return undefined
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const files = await readdir(`/proc/${pid}/fd`).catch(() => [])
    const links = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')))
    if (!links.includes(`socket:[${socket}]`)) continue
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    return `${shorten(command.replaceAll('\0', ' ').trim())} (process ${pid})`
  }
  return undefined
}

const LISTENING = '0A'

async function listeningSocket(path: string, port: number): Promise<string | undefined> {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  const table = await readFile(path, 'utf8').catch(() => '')
  for (const line of table.split('\n').slice(1)) {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/)
    if (local.endsWith(`:${wanted}`) && state === LISTENING) return inode
  }
  return undefined
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
