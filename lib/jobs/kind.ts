/** What a domain fills in to add a kind of job. */
import type { z } from 'zod'
import { unknownName } from '../../trainer/errors'
import type { Stage } from '../../trainer/progress'
import type { Backend } from '../../trainer/tensors/backend'
import type { Database } from '../db/connect'
import type { JobDescription } from './schema'

/** What the code of a job may use: the database, a tensor backend, and a stage to report progress to. */
export interface JobContext {
  database: Database
  /** Id of the job. */
  job: string
  backend: Backend
  stage: Stage
  /** Shared by the parts of one job in this process, e.g. for the loaded model. */
  cache: PartCache
}

/** Keeps the last value made under a key, so that the parts of a job share one loaded model. */
export interface PartCache {
  get<T extends { dispose(): void }>(key: string, make: () => Promise<T>): Promise<T>
}

export interface PlannedPart {
  spec: unknown
  /** Units of work (tokens, features) of this part. */
  total: number
}

/**
 * One kind of long job. The work is divided into parts that any worker can take. Each part is idempotent: a part that
 * is killed halfway and runs again, in any worker, leaves the same result as an undisturbed one.
 */
export interface JobKind<Spec = unknown, Part = unknown> extends JobDescription<Spec> {
  part: z.ZodType<Part>
  /** Divides the work. Idempotent: may run again after a crash. */
  plan(spec: Spec, context: JobContext): Promise<PlannedPart[]>
  run(spec: Spec, part: Part, context: JobContext): Promise<object | undefined>
  /** Runs after all parts, with their results in order; what it returns becomes the job's result. */
  finish(spec: Spec, parts: (object | undefined)[], context: JobContext): Promise<object>
}

/** Checks the types of one kind, then forgets them, so that one list can hold all kinds. */
export function defineJobKind<Spec, Part>(kind: JobKind<Spec, Part>): JobKind {
  return kind
}

export function requireKind<Kind extends JobDescription>(kinds: readonly Kind[], name: string): Kind {
  const kind = kinds.find((known) => known.name === name)
  if (kind) return kind
  throw unknownName(
    'kind of job',
    name,
    kinds.map((known) => known.name),
  )
}
