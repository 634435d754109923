/** The addresses that the pages may listen on. */
import { hostname, userInfo } from 'node:os'
import { LoupeError } from '../../trainer/errors'

const LOOPBACK: Record<string, string> = {
  '127.0.0.1': '127.0.0.1',
  localhost: '127.0.0.1',
  '::1': '::1',
  '[::1]': '::1',
}

/** The loopback address of a host name. Throws for other hosts: without keys, everyone could use everything. */
export function loopbackAddress(host: string, port: number): string {
  const address = LOOPBACK[host.toLowerCase()]
  if (address) return address
  throw new LoupeError(
    'unsupported',
    `--host ${host}: there are no keys yet, so everyone who reaches that address could read, steer and start jobs; ` +
      'Loupe listens on 127.0.0.1, localhost or ::1 only',
    {
      remedy:
        'from another machine, tunnel to it: ' +
        `ssh -N -L ${port}:127.0.0.1:${port} ${userInfo().username}@${hostname()}, then open http://127.0.0.1:${port} there`,
    },
  )
}

/** `http://127.0.0.1:3000`, `http://[::1]:3000` */
export function addressOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
