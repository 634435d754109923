/** The environment variables that Loupe reads, each parsed when it is read: tests and parent processes set them. */
import { z } from 'zod'
import { LoupeError } from '../../trainer/errors'

const text = z.string().optional()

export const Environment = z.object({
  LOUPE_HOME: text.describe('State of this clone. Default: .loupe next to package.json'),
  LOUPE_CACHE: text.describe('Downloads that all clones share. Default: loupe in XDG_CACHE_HOME or ~/.cache'),
  XDG_CACHE_HOME: text.describe('The user’s cache folder'),
  DATABASE_URL: text.describe('Postgres server to use instead of the embedded one'),
  PORT: text.describe('Port of the pages'),
  LOUPE_BACKEND: text.describe('Tensor backend. Default: auto'),
  LOUPE_COMPUTE_URL: text.describe('Address of the compute process; set by `loupe start`'),
  LOUPE_COMPUTE_TOKEN: text.describe('Token that the compute process requires; set by `loupe start`'),
  LOUPE_CHECKPOINT_SECONDS: z.coerce.number().min(0).optional().describe('Seconds between checkpoints of a run'),
  LOUPE_ROOT: text.describe('Folder of the sources; set by `loupe start` for the built web server'),
  LOUPE_DEBUG: text.describe('If set, errors are printed with their causes'),
  CXX: text.describe('C++ compiler. Default: g++'),
})
export type Environment = z.output<typeof Environment>

/**
 * The value of a variable now; undefined if it is not set.
 * @throws LoupeError `bad-usage` for a value that does not fit
 */
export function environmentVariable<Name extends keyof Environment>(name: Name): Environment[Name] {
  const schema = Environment.shape[name] as z.ZodType<Environment[Name]>
  const parsed = schema.safeParse(process.env[name])
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new LoupeError(
    'bad-usage',
    `the environment variable ${name}: ${issue?.message} (found "${process.env[name]}")`,
  )
}
