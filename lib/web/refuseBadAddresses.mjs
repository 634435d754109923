/**
 * Loaded before the web process's own program: addresses that are no UTF-8 when decoded (`/%ff`) get 400 and the reason.
 * Next fails on them with a bare 500 before any code of ours is asked.
 */
import { Server } from 'node:http'

const emit = Server.prototype.emit

Server.prototype.emit = function (event, ...args) {
  if (event !== 'request' || isDecodable(args[0].url)) return emit.call(this, event, ...args)
  const message = 'the address holds characters that cannot be decoded'
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
