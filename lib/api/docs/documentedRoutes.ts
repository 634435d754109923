/** The OpenAPI description, route by route, as the page of the API shows it. */
import type { OpenApi, Operation, Parameter } from '../openapi'
import type { ExampleRequest } from './curl'
import type { ExampleMaker } from './examples'
import { fieldGroups, type JsonSchema, type SchemaField } from './schemaFields'

export interface DocumentedRoute {
  /** Unique on the page: the anchor. */
  id: string
  method: string
  path: string
  tag: string
  summary: string
  description: string | undefined
  parameters: readonly SchemaField[]
  body: JsonSchema | undefined
  answers: readonly { contentType: string; schema: JsonSchema; when: string | undefined }[]
  example: ExampleRequest | undefined
}

/** @param exampleOf what to ask a route for */
export function documentedRoutes(description: OpenApi, exampleOf: ExampleMaker): readonly DocumentedRoute[] {
  return Object.entries(description.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) =>
      documented(method.toUpperCase(), path, operation, exampleOf),
    ),
  )
}

/** Routes by tag, in the order in which tags are first mentioned. */
export function byTag(routes: readonly DocumentedRoute[]): ReadonlyMap<string, readonly DocumentedRoute[]> {
  const tags = [...new Set(routes.map(({ tag }) => tag))]
  return new Map(tags.map((tag) => [tag, routes.filter((route) => route.tag === tag)]))
}

function documented(method: string, path: string, operation: Operation, exampleOf: ExampleMaker): DocumentedRoute {
  const { operationId, summary, description, tags, parameters, requestBody, responses } = operation
  // A route that only streams has no JSON answer: nothing fits its schema.
  const content = Object.entries(responses['200']?.content ?? {}).filter(([, { schema }]) => !('not' in schema))
  return {
    id: operationId,
    method,
    path,
    tag: tags[0] ?? '',
    summary,
    description,
    parameters: parameters.map(parameterField),
    body: requestBody?.content['application/json']?.schema,
    answers: content.map(([contentType, { schema }]) => ({
      contentType,
      schema,
      when:
        contentType === 'application/json'
          ? undefined
          : responses['200']?.description.replace(/^JSON, or a stream /, ''),
    })),
    example: exampleOf(method, path),
  }
}

function parameterField({ name, required, description, schema, in: place }: Parameter): SchemaField {
  const [field] = fieldGroups({ properties: { [name]: schema } })[0]!.fields
  return { ...field!, required, description: description ?? `In the ${place}` }
}
