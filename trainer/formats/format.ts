/** The record of a dictionary format, and what an import returns. */
import type { Dictionary } from '../sae/dictionary/dictionary'
import type { DictionaryConfig, DictionaryTensors } from '../sae/dictionary/config'

/** Where a dictionary comes from; field names as in SAELens. `null` means not known. */
export interface DictionaryMetadata {
  model_name: string | null
  /** The hook that it reads; an autoencoder also writes there. */
  hook_name: string | null
  /** The hook that a transcoder writes. */
  hook_name_out: string | null
  /** Tokens per context in training. */
  context_size: number | null
  prepend_bos: boolean | null
  dataset_path: string | null
  neuronpedia_id: string | null
  /** Everything else that the files say about it, unchanged. */
  extra: Readonly<Record<string, unknown>>
}

export interface ImportedDictionary {
  config: DictionaryConfig
  /** Shapes and values are checked: `Dictionary.create` accepts them. */
  tensors: DictionaryTensors
  metadata: DictionaryMetadata
  /** Share of tokens on which each latent is on, `[d_sae]`, where the files contain it. */
  density?: Float32Array
  /** What was left out, or read in an unexpected way: one sentence each. */
  warnings: string[]
}

/** The files of one dictionary, by their names. */
export interface DictionaryFiles {
  weights: string
  /** The file that describes the weights, where the layout has one. */
  config?: string
  /** Further files that are read where they exist. */
  optional?: readonly string[]
}

/** The files of a dictionary and their folder. */
export interface DictionaryLocation {
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
  /** What its folder contains, for people. */
  holds: string
  /**
   * The files of a dictionary among those of a folder; undefined where there is no dictionary.
   * @param names of the files of one folder
   * @param wanted the requested file of weights, one of the names
   */
  find(names: readonly string[], wanted?: string): DictionaryFiles | undefined
  /** @throws LoupeError naming the file, its contents and what was expected */
  import(location: DictionaryLocation): Promise<ImportedDictionary>
  /**
   * Writes a new folder, completely or not at all.
   * @returns the names of the files
   * @throws LoupeError when the format cannot represent the dictionary, or `dir` is not empty
   */
  export(
    dictionary: Dictionary,
    metadata: Partial<DictionaryMetadata>,
    dir: string,
    options?: ExportOptions,
  ): Promise<string[]>
}
