/** The model families, listed once. A new one is its own file, its test and a line here. */
import { unknownName } from '../../errors'
import type { ModelFamily } from './family'
import { llama } from './llama/forward'

const FAMILIES: readonly ModelFamily[] = [llama]

/** The family of a config.json's `model_type`; fails with the known ones. */
export function familyOfHuggingFaceType(type: string): ModelFamily {
  return find(type, (family) => family.huggingFaceTypes)
}

/** The family of a GGUF file's `general.architecture`; fails with the known ones. */
export function familyOfGgufArchitecture(architecture: string): ModelFamily {
  return find(architecture, (family) => family.ggufArchitectures)
}

function find(name: string, namesOf: (family: ModelFamily) => readonly string[]): ModelFamily {
  const family = FAMILIES.find((candidate) => namesOf(candidate).includes(name))
  if (!family) throw unknownName('model family', name, FAMILIES.flatMap(namesOf))
  return family
}
