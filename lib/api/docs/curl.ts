/** Writes requests as command lines of curl. */
import { shellWord } from '../../base/settingsText'
import type { ExampleRequest } from '../example'

/**
 * One request as a shell command.
 * @param origin e.g. `http://127.0.0.1:3000`
 * @param path with `{parameters}`, which `request.path` fills
 */
export function curlLine(
  origin: string,
  method: string,
  path: string,
  { path: parameters = {}, query = {}, body }: ExampleRequest = {},
): string {
  const filled = path.replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in parameters ? encodeURIComponent(parameters[name]!) : whole,
  )
  const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))
  const url = `${origin}${filled}${search.size > 0 ? `?${search.toString()}` : ''}`
  const words = ['curl', ...(method === 'GET' ? [] : ['-X', method]), shellWord(url)]
  if (body === undefined) return words.join(' ')
  return `${words.join(' ')} \\\n  -H 'Content-Type: application/json' \\\n  -d ${shellWord(JSON.stringify(body))}`
}
