/** SAELens's `cfg.json`: its keys, their meaning before version 6, and the settings that Loupe computes. */
import { z } from 'zod'
import { LoupeError, unknownName } from '../../errors'
import { parseDictionaryConfig, parseWith, type DictionaryConfig } from '../../sae/dictionary/config'
import type { DictionaryMetadata } from '../format'

/** SAELens's architectures in Loupe's terms. `UNSUPPORTED` lists those that Loupe cannot compute. */
const ARCHITECTURES: Readonly<Record<string, { kind: string; transcoder: boolean; skip: boolean }>> = {
  standard: { kind: 'relu', transcoder: false, skip: false },
  topk: { kind: 'topk', transcoder: false, skip: false },
  jumprelu: { kind: 'jumprelu', transcoder: false, skip: false },
  gated: { kind: 'gated', transcoder: false, skip: false },
  transcoder: { kind: 'relu', transcoder: true, skip: false },
  skip_transcoder: { kind: 'relu', transcoder: true, skip: true },
  jumprelu_transcoder: { kind: 'jumprelu', transcoder: true, skip: false },
  jumprelu_skip_transcoder: { kind: 'jumprelu', transcoder: true, skip: true },
}

const UNSUPPORTED: Readonly<Record<string, string>> = {
  batchtopk: 'a training checkpoint, which SAELens cannot use either: save it with save_inference_model()',
  matryoshka_batchtopk: 'a training checkpoint, which SAELens cannot use either: save it with save_inference_model()',
  abstopk: 'its latents may be negative, which Loupe does not support',
  temporal: 'its codes depend on other positions, which Loupe does not support',
  matching_pursuit: 'its encoder is iterative, which Loupe does not support',
}

const SaelensConfig = z.object({
  architecture: z.string().describe('Which class of SAELens computes it'),
  d_in: z.int().positive().describe('Width of the input'),
  d_sae: z.int().positive().describe('Number of latents'),
  d_out: z.int().positive().optional().describe('Width of the output of a transcoder'),
  k: z.int().positive().optional().describe('Active latents of a topk dictionary'),
  rescale_acts_by_decoder_norm: z.boolean().default(false).describe('Whether topk ranks by activation times norm'),
  apply_b_dec_to_input: z.boolean().default(true).describe('Whether b_dec is subtracted from the input'),
  normalize_activations: z
    .enum(['none', 'constant_norm_rescale', 'layer_norm', 'expected_average_only_in', 'covariance_whitening'])
    .default('none')
    .describe('Normalisation of the input; the last two are done by the trainer, not by the dictionary'),
  reshape_activations: z.enum(['none', 'hook_z']).default('none').describe('Whether heads are flattened'),
  metadata: z.record(z.string(), z.unknown()).default({}).describe('Where the dictionary comes from: an open bag'),
})
export type SaelensConfig = z.output<typeof SaelensConfig>

const METADATA_FIELDS = {
  model_name: z.string(),
  hook_name: z.string(),
  hook_name_out: z.string(),
  context_size: z.int().positive(),
  prepend_bos: z.boolean(),
  dataset_path: z.string(),
  neuronpedia_id: z.string(),
} as const

/** Keys that do not change what is computed. */
const SILENT_KEYS = ['dtype', 'device', 'sae_lens_version']
const SILENT_LEGACY_KEYS = [
  'hook_layer',
  'activation_fn',
  'activation_fn_kwargs',
  'finetuning_scaling_factor',
  'dataset_trust_remote_code',
  'mse_loss_normalization',
  'normalize_sae_decoder',
  'noise_scale',
  'scaling_factor',
  'hook_point_layer',
]
const LEGACY_METADATA_KEYS = [
  ...Object.keys(METADATA_FIELDS),
  'model_class_name',
  'hook_head_index',
  'model_from_pretrained_kwargs',
  'exclude_special_tokens',
  'seqpos_slice',
  'sae_lens_version',
  'sae_lens_training_version',
  'hook_head_index_out',
]

/**
 * Parses the contents of a `cfg.json` of any version.
 * @returns the fields by their names since version 6, and the unknown keys
 */
export function parseSaelensConfig(contents: unknown): { saelens: SaelensConfig; unknownKeys: string[] } {
  const cfg = parseWith(z.record(z.string(), z.unknown()), contents, 'cfg.json')
  const legacy = isLegacy(cfg)
  const fields = legacy ? modernise(cfg) : cfg
  const known = [...Object.keys(SaelensConfig.shape), ...SILENT_KEYS, ...(legacy ? SILENT_LEGACY_KEYS : [])]
  const unknownKeys = Object.keys(fields).filter((key) => !known.includes(key))
  return { saelens: parseWith(SaelensConfig, fields, 'cfg.json'), unknownKeys }
}

/** SAELens's own rule: no version, or a version below 6, means the old layout. */
function isLegacy(cfg: Readonly<Record<string, unknown>>): boolean {
  const metadata = cfg['metadata'] as { sae_lens_version?: unknown } | null | undefined
  const version = cfg['sae_lens_version'] || metadata?.sae_lens_version
  return !(typeof version === 'string' && Number.parseInt(version, 10) >= 6)
}

/** The layout before version 6, field by field as SAELens's `handle_pre_6_0_config` reads it. */
function modernise(cfg: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const renamed = new Map([
    ['hook_point', 'hook_name'],
    ['hook_point_head_index', 'hook_head_index'],
    ['activation_fn_str', 'activation_fn'],
  ])
  const old = Object.fromEntries(Object.entries(cfg).map(([key, value]) => [renamed.get(key) ?? key, value]))
  const metadata = Object.fromEntries(Object.entries(old).filter(([key]) => LEGACY_METADATA_KEYS.includes(key)))
  const fields = Object.fromEntries(Object.entries(old).filter(([key]) => !LEGACY_METADATA_KEYS.includes(key)))
  fields['metadata'] = { prepend_bos: true, ...metadata }
  fields['architecture'] ??= 'standard'
  const hook = old['hook_name']
  fields['reshape_activations'] ??= typeof hook === 'string' && hook.includes('hook_z') ? 'hook_z' : 'none'
  const normalize = fields['normalize_activations'] ?? 'none'
  fields['normalize_activations'] =
    typeof normalize === 'boolean' ? (normalize ? 'expected_average_only_in' : 'none') : normalize
  const activation = old['activation_fn'] ?? 'relu'
  if (activation === 'topk') {
    fields['architecture'] = 'topk'
    fields['k'] = (old['activation_fn_kwargs'] as { k?: unknown } | null | undefined)?.k
  } else if (activation !== 'relu') {
    throw new LoupeError('unsupported', `cfg.json: the activation function is ${JSON.stringify(activation)}`, {
      remedy: 'relu and topk are supported',
    })
  }
  return fields
}

/**
 * What a dictionary of SAELens computes, in Loupe's terms. The trainer's own normalisations do not appear here.
 * @throws LoupeError for architectures that Loupe does not compute, by name
 */
export function toDictionaryConfig(saelens: SaelensConfig): DictionaryConfig {
  const form = Object.hasOwn(ARCHITECTURES, saelens.architecture) ? ARCHITECTURES[saelens.architecture] : undefined
  if (!form) throw refusedArchitecture(saelens.architecture)
  if (form.transcoder && saelens.d_out === undefined) {
    throw new LoupeError(
      'bad-input',
      `cfg.json: d_out is missing, expected for the architecture ${saelens.architecture}`,
    )
  }
  const { k, rescale_acts_by_decoder_norm, normalize_activations: normalize } = saelens
  const training = saelens.metadata['training_architecture']
  return parseDictionaryConfig(
    {
      architecture: typeof training === 'string' && training ? training : saelens.architecture,
      d_in: saelens.d_in,
      d_sae: saelens.d_sae,
      ...(form.transcoder && { d_out: saelens.d_out }),
      activation: { kind: form.kind, ...(form.kind === 'topk' && { k, rescale_acts_by_decoder_norm }) },
      apply_b_dec_to_input: saelens.apply_b_dec_to_input,
      normalize_activations: normalize === 'layer_norm' || normalize === 'constant_norm_rescale' ? normalize : 'none',
      reshape_activations: saelens.reshape_activations,
      skip: form.skip,
    },
    'cfg.json',
  )
}

function refusedArchitecture(name: string): LoupeError {
  const reason = Object.hasOwn(UNSUPPORTED, name) ? UNSUPPORTED[name] : undefined
  if (!reason) return unknownName('SAELens architecture', name, Object.keys(ARCHITECTURES))
  return new LoupeError('unsupported', `cfg.json: the architecture is ${name}: ${reason}`)
}

/** Known fields where they have the right type, everything else unchanged. */
export function toMetadata(bag: Readonly<Record<string, unknown>>): DictionaryMetadata {
  const known = Object.entries(METADATA_FIELDS).map(([key, schema]) => [key, schema.safeParse(bag[key]).data ?? null])
  const rest = Object.entries(bag).filter(([key]) => !Object.hasOwn(METADATA_FIELDS, key))
  return { ...(Object.fromEntries(known) as Omit<DictionaryMetadata, 'extra'>), extra: Object.fromEntries(rest) }
}

/** SAELens's name for what a dictionary computes. */
export function toArchitecture(config: DictionaryConfig): string {
  const transcoder = config.d_out !== undefined
  const match = Object.entries(ARCHITECTURES).find(
    ([, form]) => form.kind === config.activation.kind && form.transcoder === transcoder && form.skip === config.skip,
  )
  if (match) return match[0]
  throw new LoupeError('unsupported', `SAELens has no ${config.activation.kind} transcoder`, {
    remedy:
      config.activation.kind === 'topk'
        ? 'export it with --format sparsify'
        : 'a relu or jumprelu transcoder can be exported',
  })
}
