/** Loads the code of a kind of job. Only workers need it: pages and API know jobs by their descriptions. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { projectRoot } from '../base/config'
import type { JobKind } from './kind'
import type { JobDescription } from './schema'

/** The record that the kind's source file exports. */
export async function loadKind({ name, source }: JobDescription): Promise<JobKind> {
  const module = (await import(pathToFileURL(join(projectRoot, source)).href)) as Record<string, unknown>
  const kind = Object.values(module).find((value): value is JobKind => isKind(value) && value.name === name)
  if (!kind) throw new Error(`${source} exports no job kind named "${name}"`)
  return kind
}

const isKind = (value: unknown): value is JobKind =>
  typeof value === 'object' && value !== null && 'name' in value && 'plan' in value && 'run' in value
