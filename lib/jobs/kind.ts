import type { z } from 'zod'
import { unknownName } from '../../trainer/errors'
import type { Stage } from '../../trainer/progress'
import type { Backend } from '../../trainer/tensors/backend'
import type { Database } from '../db/connect'
import type { JobDescription } from './specs'

/** What a job's code is given: the database, a tensor backend on demand, and a stage to report to. */
export interface JobContext {
  database: Database
  /** Id of the job. */
  job: string
  backend: Backend
  stage: Stage
  /** Process-wide memory between parts of one job, e.g. the loaded model. */
  cache: PartCache
}

/** Keeps the last thing made under a key, so that the parts of a job share one loaded model. */
export interface PartCache {
  get<T extends { dispose(): void }>(key: string, make: () => Promise<T>): Promise<T>
}

export interface PlannedPart {
  spec: unknown
  /** Units of work (tokens, features) that this part counts for. */
  total: number
}

/**
 * One kind of long job. The work is divided into parts that any worker can take; each part is idempotent: killed in
 * the middle and run again, by the same worker or another, it leaves what an undisturbed run leaves.
 */
export interface JobKind<Spec = unknown, Part = unknown> extends JobDescription<Spec> {
  part: z.ZodType<Part>
  /** Divides the work. Idempotent: may run again after a crash. */
  plan(spec: Spec, context: JobContext): Promise<PlannedPart[]>
  run(spec: Spec, part: Part, context: JobContext): Promise<object | undefined>
  /** Runs once all parts are done, with what they returned, in order; its result becomes the job's. */
  finish(spec: Spec, parts: (object | undefined)[], context: JobContext): Promise<object>
}

/** Keeps the types of one kind while the registry forgets them. */
export function defineJobKind<Spec, Part>(kind: JobKind<Spec, Part>): JobKind {
  return kind
}

export function requireKind(kinds: readonly JobKind[], name: string): JobKind {
  const kind = kinds.find((known) => known.name === name)
  if (!kind)
    throw unknownName(
      'kind of job',
      name,
      kinds.map((known) => known.name),
    )
  return kind
}
