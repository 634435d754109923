/**
 * Loaded before the program of the web process. Answers 400 with the reason for addresses that do not decode to UTF-8
 * (`/%ff`); without it, Next answers 500 before any of our code runs.
 */
import { Server } from 'node:http'

const emit = Server.prototype.emit

Server.prototype.emit = function (event, ...args) {
  if (event !== 'request' || isDecodable(args[0].url)) return emit.call(this, event, ...args)
  const message = 'the address contains characters that cannot be decoded'
  const remedy = 'encode it as UTF-8, as encodeURIComponent does'
  args[1].writeHead(400, { 'content-type': 'application/json' })
  args[1].end(JSON.stringify({ error: { code: 'bad-input', message, remedy } }))
  return true
}

function isDecodable(url) {
  try {
    decodeURIComponent(url)
    return true
  } catch {
    return false
  }
}
