import { describe, expect, it } from 'vitest'
import { curlLine } from './curl'

const origin = 'http://127.0.0.1:3000'

describe('a command line of curl', () => {
  it('fills and escapes parameters; an unknown one stays a placeholder', () => {
    const line = curlLine(origin, 'GET', '/api/v1/d/{id}/f/{index}', {
      path: { id: 'a/b c' },
      query: { text: 'x y', n: 3 },
    })
    expect(line).toBe(`curl 'http://127.0.0.1:3000/api/v1/d/a%2Fb%20c/f/{index}?text=x+y&n=3'`)
  })

  it('is bare where a shell needs no quotes', () => {
    expect(curlLine(origin, 'GET', '/api/v1/status')).toBe('curl http://127.0.0.1:3000/api/v1/status')
  })

  it('carries a body through single quotes', () => {
    const line = curlLine(origin, 'POST', '/api/v1/x', { body: { text: `it's` } })
    expect(line).toContain('curl -X POST http://127.0.0.1:3000/api/v1/x')
    expect(line).toContain(`-d '{"text":"it'\\''s"}'`)
  })
})
