/** Writes the types of the API's client: `npm run generate`. A test compares the file with this result. */
import openapiTypescript, { astToString } from 'openapi-typescript'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { openApi } from '../../lib/api/openapi'
import { ROUTES } from '../../lib/api/routes'

export const TYPES_FILE = fileURLToPath(new URL('../../lib/api/client/schema.ts', import.meta.url))

export async function apiTypes(): Promise<string> {
  // The library accepts only its own type of document.
  const document = JSON.parse(JSON.stringify(openApi(ROUTES))) as Parameters<typeof openapiTypescript>[0]
  const types = astToString(await openapiTypescript(document))
  return `/** Made by \`npm run generate\` from the routes of lib/api; do not edit. */\n${types}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(TYPES_FILE, await apiTypes())
