import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { apiTypes, TYPES_FILE } from '../../scripts/dev/apiTypes'
import { openApi } from './openapi'
import { ROUTES } from './routes'

describe('the description of the API', () => {
  it('matches the types of the client; `npm run generate` updates them', async () => {
    expect(await readFile(TYPES_FILE, 'utf8')).toBe(await apiTypes())
  }, 60_000)

  it('describes every route, parameter and field once', () => {
    const operations = Object.values(openApi(ROUTES).paths).flatMap((path) => Object.values(path))
    expect(operations).toHaveLength(ROUTES.length)
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(ROUTES.length)
    const parameters = operations.flatMap(({ parameters }) => parameters)
    expect(parameters.filter(({ description }) => !description)).toEqual([])
  })
})
