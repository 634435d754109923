import type { Dictionary } from '../sae/dictionary/dictionary'
import type { DictionaryConfig, DictionaryTensors } from '../sae/dictionary/config'

/** Where a dictionary comes from; field names as in SAELens. `null`: not known. */
export interface DictionaryMetadata {
  model_name: string | null
  /** Where it reads; an autoencoder writes there too. */
  hook_name: string | null
  /** Where a transcoder writes. */
  hook_name_out: string | null
  /** Tokens per context in training. */
  context_size: number | null
  prepend_bos: boolean | null
  dataset_path: string | null
  neuronpedia_id: string | null
  /** What else the files say about it, as it stands. */
  extra: Readonly<Record<string, unknown>>
}

export interface ImportedDictionary {
  config: DictionaryConfig
  /** Shapes and values are checked: `Dictionary.create` takes them. */
  tensors: DictionaryTensors
  metadata: DictionaryMetadata
  /** Share of tokens on which each latent is on, `[d_sae]`, where the files say so. */
  density?: Float32Array
  /** What was left out or read otherwise than one might expect, a sentence each. */
  warnings: string[]
}

/** The files of one dictionary, by their names. */
export interface DictionaryFiles {
  weights: string
  /** What describes the weights, where the layout has such a file. */
  config?: string
  /** Further files that are read where they are there. */
  optional?: readonly string[]
}

/** A dictionary's files in their folder. */
export interface FoundDictionary {
  dir: string
  files: DictionaryFiles
}

export interface ExportOptions {
  /** Share of tokens on which each latent is on, `[d_sae]`. */
  density?: Float32Array
}

/** One library's folder layout. */
export interface DictionaryFormat {
  name: string
  /** One line for people. */
  description: string
  /** What a folder of it holds, for people. */
  holds: string
  /**
   * The files of a dictionary among those of a folder; undefined where there is none.
   * @param names of the files of one folder
   * @param wanted the file of weights that was asked for, one of the names
   */
  find(names: readonly string[], wanted?: string): DictionaryFiles | undefined
  /** @throws LoupeError naming the file, what was found and what was expected */
  import(found: FoundDictionary): Promise<ImportedDictionary>
  /**
   * Writes a new folder, all of it or nothing.
   * @returns the names of the files
   * @throws LoupeError when the format cannot hold the dictionary, or `dir` holds something already
   */
  export(
    dictionary: Dictionary,
    metadata: Partial<DictionaryMetadata>,
    dir: string,
    options?: ExportOptions,
  ): Promise<string[]>
}
