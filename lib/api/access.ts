/**
 * Checks who sends a request: there are no keys yet, so only programs and pages of this machine are allowed. A page of
 * another site can make the browser send requests here. `Host` reveals a name that was made to point here (DNS
 * rebinding), `Origin` reveals the page.
 */
import { LoupeError } from '../../trainer/errors'

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** The host of `127.0.0.1:3000` or of an origin, without the port; undefined for other text. */
function hostname(authority: string): string | undefined {
  const address = `http://${authority}`
  return URL.canParse(address) ? new URL(address).hostname : undefined
}

/**
 * Throws `forbidden` for a request that did not come from a page or program on this machine.
 * @param headers of the request
 */
export function checkAccess(headers: Headers): void {
  const host = headers.get('host') ?? ''
  if (!LOOPBACK.has(hostname(host) ?? '')) {
    throw new LoupeError('forbidden', `requests for the host "${host}" are refused`, {
      remedy: 'open Loupe as http://127.0.0.1 or http://localhost with its port; from elsewhere, through an SSH tunnel',
    })
  }
  const origin = headers.get('origin')
  if (origin === null) return
  const site = origin.replace(/^https?:\/\//, '')
  if (site === host) return
  throw new LoupeError('forbidden', `requests from pages of "${origin}" are refused`, {
    remedy: 'call the API from a program on this machine, or from a page that Loupe serves',
  })
}
