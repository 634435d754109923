/** The OpenAPI 3.1 description of the API, generated from the routes. */
import { z } from 'zod'
import { projectVersion } from '../base/version'
import { API_PREFIX } from './dispatch'
import { ErrorBody } from '../base/errorBody'
import type { Route } from './route'

type Json = Record<string, unknown>

export interface OpenApi extends Json {
  openapi: '3.1.0'
  paths: Record<string, Record<string, Operation>>
}

export interface Operation {
  operationId: string
  summary: string
  description?: string
  tags: string[]
  parameters: Parameter[]
  requestBody?: { required: boolean; content: Record<string, { schema: Json }> }
  responses: Record<string, { description: string; content?: Record<string, { schema: Json }> }>
}

export interface Parameter {
  name: string
  in: 'path' | 'query'
  required: boolean
  description?: string
  schema: Json
}

export function openApi(routes: readonly Route[]): OpenApi {
  const paths: OpenApi['paths'] = {}
  for (const route of routes) {
    const path = `${API_PREFIX}${route.path}`
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Loupe',
      version: projectVersion,
      description: 'Dictionaries of language models: features, codes of any text, steering, runs and jobs.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'http://127.0.0.1:3000' }],
    paths,
    components: { schemas: { Error: schemaOf(ErrorBody, 'output') } },
  }
}

function operation(route: Route): Operation {
  const { summary, description, tag, body, response, stream } = route
  const answers = {
    'application/json': { schema: schemaOf(response, 'output') },
    ...(stream && {
      [stream.contentType]: { schema: stream.event ? schemaOf(stream.event, 'output') : { type: 'string' } },
    }),
  }
  return {
    operationId: operationId(route),
    summary,
    ...(description && { description }),
    tags: [tag],
    parameters: [...parameters(route.params, 'path'), ...parameters(route.query, 'query')],
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } },
    }),
    responses: {
      200: { description: stream ? `JSON, or a stream ${stream.when}` : 'The answer', content: answers },
      default: {
        description: 'What is wrong and what to do about it',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  }
}

/** `GET /dictionaries/{id}/features` → `getDictionariesIdFeatures`. */
export function operationId({ method, path }: Pick<Route, 'method' | 'path'>): string {
  const words = path.split('/').filter(Boolean)
  const capitalised = words.map((word) => word.replace(/[{}]/g, '').replace(/^./, (letter) => letter.toUpperCase()))
  return `${method.toLowerCase()}${capitalised.join('').replace(/\W/g, '')}`
}

function parameters(schema: z.ZodObject, place: Parameter['in']): Parameter[] {
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, Json & { description?: string }>
    required?: string[]
  }
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description && { description }),
    schema,
  }))
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const json: Json = { ...z.toJSONSchema(schema, { io, target: 'draft-2020-12', unrepresentable: 'any' }) }
  delete json['$schema']
  return json
}
