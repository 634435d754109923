import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { exampleRequest, NOTHING } from '../example'
import { defineRoute } from '../route'
import { ROUTES } from '../routes'
import { byTag, documentedRoutes } from './documentedRoutes'

describe('the documented routes', () => {
  it('carry parameters, body, and every kind of answer', () => {
    const route = defineRoute({
      method: 'POST',
      path: '/things/{id}/poke',
      summary: 'Poke a thing',
      tag: 'things',
      params: z.strictObject({ id: z.uuid().describe('Which thing') }),
      query: z.strictObject({ hard: z.stringbool().optional().describe('Hard') }),
      body: z.strictObject({ times: z.int() }),
      response: z.strictObject({ poked: z.boolean() }),
      stream: { contentType: 'text/event-stream', event: z.strictObject({ n: z.int() }), when: 'of pokes' },
      handler: () => Promise.resolve({ poked: true }),
    })
    const [documented] = documentedRoutes([route], NOTHING)
    expect(documented).toMatchObject({ method: 'POST', path: '/api/v1/things/{id}/poke', summary: 'Poke a thing' })
    expect(documented?.parameters.map(({ name, required }) => [name, required])).toEqual([
      ['id', true],
      ['hard', false],
    ])
    expect(documented?.parameters[0]?.description).toBe('Which thing')
    expect(documented?.body?.properties).toHaveProperty('times')
    expect(documented?.answers.map(({ contentType }) => contentType)).toEqual(['application/json', 'text/event-stream'])
  })

  it('have one anchor and one tag each', () => {
    const routes = documentedRoutes(ROUTES, NOTHING)
    expect(new Set(routes.map(({ id }) => id)).size).toBe(ROUTES.length)
    expect([...byTag(routes).values()].flat()).toHaveLength(ROUTES.length)
  })
})

describe('the example requests', () => {
  const resources = ROUTES.map(({ path }) => path.split('/')[1]!)
  const ids = Object.fromEntries(resources.map((resource) => [resource, '8655c4c4-4ad7-402a-a513-16aa0558d428']))

  it.each(ROUTES.map((route) => [`${route.method} ${route.path}`, route] as const))('%s is accepted', (_, route) => {
    const example = exampleRequest(route, { ...NOTHING, ids })
    if (!example) return expect(route.path).toBe('/generations')
    const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
    expect(Object.keys(example.path ?? {})).toEqual(expect.arrayContaining(names))
    const text = Object.fromEntries(Object.entries(example.query ?? {}).map(([name, value]) => [name, String(value)]))
    expect(route.query.safeParse(text).error).toBeUndefined()
    if (route.body) expect(route.body.safeParse(example.body).error).toBeUndefined()
  })
})
