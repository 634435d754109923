/** What a dictionary is, as data, and the checks that its tensors fit. */
import { z } from 'zod'
import { LoupeError } from '../../errors'
import { ActivationConfig, activationNamed, activationRule } from './activations'
import { type NamedTensor, sizeOf } from '../../tensors/arrays'

export const DictionaryConfig = z.strictObject({
  architecture: z
    .string()
    .min(1)
    .describe('The method that made it (topk, batchtopk, …). A name for people: the other fields say what it computes'),
  d_in: z.int().positive().describe('Width of the activations it reads; heads × d_head at a hook_z'),
  d_sae: z.int().positive().describe('Number of latents'),
  d_out: z
    .int()
    .positive()
    .optional()
    .describe('Width of the output of a transcoder. Absent for an autoencoder, which writes where it reads'),
  activation: ActivationConfig.describe('How pre-activations become codes'),
  apply_b_dec_to_input: z.boolean().describe('Subtract b_dec from the input before the encoder'),
  normalize_activations: z
    .enum(['none', 'constant_norm_rescale', 'layer_norm'])
    .default('none')
    .describe('How each input is normalised before the encoder, and the output of an autoencoder restored'),
  reshape_activations: z
    .enum(['none', 'hook_z'])
    .default('none')
    .describe('hook_z: inputs arrive as [heads, d_head] and are flattened, heads first'),
  skip: z.boolean().default(false).describe('A transcoder that adds W_skip x to its output'),
})

/** A checked configuration, with defaults filled in. */
export type DictionaryConfig = z.output<typeof DictionaryConfig>
/** A configuration as input: fields with defaults can be left out. */
export type DictionaryConfigInput = z.input<typeof DictionaryConfig>

export type DictionaryTensors = Readonly<Record<string, NamedTensor>>

/**
 * Parses a configuration and checks what a schema cannot say.
 * @param source where it comes from, for messages
 */
export function parseDictionaryConfig(input: unknown, source: string): DictionaryConfig {
  const kind = (input as { activation?: { kind?: unknown } } | null)?.activation?.kind
  if (typeof kind === 'string') activationNamed(kind)
  const config = parseWith(DictionaryConfig, input, source)
  const problem = activationRule(config.activation).problem(config.d_sae) ?? transcoderProblem(config)
  if (problem) throw new LoupeError('bad-input', `${source}: ${problem}`)
  return config
}

/** Parses with a schema; one LoupeError lists every complaint with the name of its field. */
export function parseWith<Schema extends z.ZodType>(schema: Schema, input: unknown, source: string): z.output<Schema> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const complaints = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'contents'}: ${message}`)
  throw new LoupeError('bad-input', `${source}: ${complaints.join('; ')}`)
}

function transcoderProblem(config: DictionaryConfig): string | undefined {
  if (config.d_out === undefined) return config.skip ? 'skip is for transcoders, but there is no d_out' : undefined
  if (config.apply_b_dec_to_input) return 'a transcoder cannot apply b_dec to its input (apply_b_dec_to_input)'
  return undefined
}

/** Width of the output: `d_out` of a transcoder, else `d_in`. */
export function outputWidth({ d_in, d_out }: DictionaryConfig): number {
  return d_out ?? d_in
}

/** The tensors of a dictionary, by name, as they must be. */
export function expectedShapes(config: DictionaryConfig): Record<string, number[]> {
  const { d_in, d_sae } = config
  const d_out = outputWidth(config)
  const shapes: Record<string, number[]> = { W_enc: [d_in, d_sae], W_dec: [d_sae, d_out], b_dec: [d_out] }
  for (const name of activationRule(config.activation).tensors) shapes[name] = [d_sae]
  if (config.skip) shapes['W_skip'] = [d_out, d_in]
  return shapes
}

/** Refuses missing, unexpected and misshapen tensors. Only names and shapes are checked. */
export function checkShapes(
  config: DictionaryConfig,
  tensors: ReadonlyMap<string, { shape: readonly number[] }>,
  source: string,
): void {
  const expected = expectedShapes(config)
  const sizes = `d_in ${config.d_in}, d_sae ${config.d_sae}${config.d_out ? `, d_out ${config.d_out}` : ''}`
  for (const [name, shape] of Object.entries(expected)) {
    const tensor = tensors.get(name)
    if (!tensor) throw refused(source, `there is no tensor ${name}, expected ${list(Object.keys(expected))}`)
    if (tensor.shape.join() !== shape.join()) {
      throw refused(source, `${name} has the shape [${list(tensor.shape)}], expected [${list(shape)}] (${sizes})`)
    }
  }
  const surplus = [...tensors.keys()].filter((name) => !Object.hasOwn(expected, name))
  if (surplus.length > 0) {
    throw refused(
      source,
      `unexpected tensors ${list(surplus)}: a ${config.activation.kind} dictionary does not have them`,
    )
  }
}

/** Refuses tensors whose data does not fill their shape, and values that are NaN or infinite. */
export function checkValues(tensors: DictionaryTensors, source: string): void {
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    if (data.length !== sizeOf(shape)) {
      throw refused(source, `${name} has ${data.length} values for the shape [${list(shape)}]`)
    }
    let count = 0
    for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) count++
    if (count > 0) throw refused(source, `${name} has ${count} of ${data.length} values that are NaN or infinite`)
  }
}

function refused(source: string, complaint: string): LoupeError {
  return new LoupeError('bad-input', `${source}: ${complaint}`)
}

function list(items: readonly (string | number)[]): string {
  return items.join(', ')
}
