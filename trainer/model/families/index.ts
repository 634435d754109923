/** The model families, listed once, and what follows from a model's configuration through its family. */
import { z } from 'zod'
import { LoupeError } from '../../errors'
import { Registry } from '../../registry'
import { sizeOf } from '../../tensors/arrays'
import type { HookShapes } from '../hooks'
import { modelKernels } from '../runtime/kernels'
import { Transformer } from '../runtime/transformer'
import { ModelConfig, type HookedModel } from '../types'
import type { ModelFamily, WeightReader } from './family'
import { gpt2 } from './gpt2'
import { llama } from './llama'

/** A new family is its folder, its test, its golden files and a line here. */
const FAMILIES: readonly ModelFamily[] = [llama, gpt2]

const byName = new Registry('model family', FAMILIES)
const byHuggingFaceType = namesOf((family) => family.huggingFaceTypes)
const byGgufArchitecture = namesOf((family) => family.ggufArchitectures)

function namesOf(names: (family: ModelFamily) => readonly string[]) {
  return new Registry(
    'model family',
    FAMILIES.flatMap((family) => names(family).map((name) => ({ name, family }))),
  )
}

/** The family of a config.json's `model_type`. Fails with the known ones. */
export function familyOfHuggingFaceType(type: string): ModelFamily {
  return byHuggingFaceType.named(type).family
}

/** The family of a GGUF file's `general.architecture`. Fails with the known ones. */
export function familyOfGgufArchitecture(architecture: string): ModelFamily {
  return byGgufArchitecture.named(architecture).family
}

/**
 * A configuration that was stored as JSON, checked by the schema of its family.
 * @throws LoupeError naming the field that is wrong, or the known families
 */
export function parseModelConfig(json: unknown): ModelConfig {
  const { family } = parseStored(ModelConfig.pick({ family: true }), json)
  return parseStored(byName.named(family).schema, json)
}

function parseStored<T>(schema: z.ZodType<T>, json: unknown): T {
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  throw new LoupeError('bad-input', `the stored configuration of a model: ${z.prettifyError(parsed.error)}`, {
    remedy: 'add the model again under another name: loupe model add SOURCE --name NAME',
  })
}

/** Every hook of a model in order of computation, with the shape of one position. */
export function hookShapes(config: ModelConfig): HookShapes {
  return byName.named(config.family).hookShapes(config)
}

/** How many numbers the weights of a model have. */
export function parameterCount(config: ModelConfig): number {
  const tensors = byName.named(config.family).tensors(config)
  return tensors.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
}

/** Reads a model's weights onto the backend in use. */
export async function buildModel(config: ModelConfig, weights: WeightReader): Promise<HookedModel> {
  const family = byName.named(config.family)
  const kernels = modelKernels(config)
  return new Transformer(config, family.hookShapes(config), await family.read(config, weights, kernels), kernels)
}
