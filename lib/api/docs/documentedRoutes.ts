/** The routes as the page of the API shows them, from the OpenAPI description. */
import { openApi, operationId, type Operation, type Parameter } from '../openapi'
import type { Route } from '../route'
import { exampleRequest, type ExampleRequest, type ExampleThings } from '../example'
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

/** In the order of the OpenAPI description, which lists all methods of a path together. */
export function documentedRoutes(routes: readonly Route[], things: ExampleThings): readonly DocumentedRoute[] {
  const examples = new Map(routes.map((route) => [operationId(route), exampleRequest(route, things)]))
  return Object.entries(openApi(routes).paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) =>
      documented(method.toUpperCase(), path, operation, examples.get(operation.operationId)),
    ),
  )
}

/** Routes by tag, in the order in which the tags first appear. */
export function byTag(routes: readonly DocumentedRoute[]): ReadonlyMap<string, readonly DocumentedRoute[]> {
  const tags = [...new Set(routes.map(({ tag }) => tag))]
  return new Map(tags.map((tag) => [tag, routes.filter((route) => route.tag === tag)]))
}

function documented(
  method: string,
  path: string,
  operation: Operation,
  example: ExampleRequest | undefined,
): DocumentedRoute {
  const { operationId: id, summary, description, tags, parameters, requestBody, responses } = operation
  // A route that only streams has no JSON answer: its schema is `not`.
  const content = Object.entries(responses['200']?.content ?? {}).filter(([, { schema }]) => !('not' in schema))
  return {
    id,
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
    example,
  }
}

function parameterField({ name, required, description, schema, in: place }: Parameter): SchemaField {
  const [field] = fieldGroups({ properties: { [name]: schema } })[0]!.fields
  return { ...field!, required, description: description ?? `In the ${place}` }
}
