/** An architecture as a record: all that the rest of the program needs of it. */
import type { z } from 'zod'
import type { Companion } from '../../store/layout'
import type { NamedTensor } from '../../tensors/arrays'
import type { DictionaryConfigInput, DictionaryTensors } from '../dictionary/config'
import type { EngineSpec, Parameters } from '../step/spec'
import type { Calibration, CalibrationSample } from './calibrate'
import type { MemoryTraits } from './memoryTraits'
import type { RunConfig } from './runFields'

/** A trained dictionary as `Dictionary.create` takes it: raw units in, raw units out, SAELens's names and shapes. */
export interface FoldedDictionary {
  config: DictionaryConfigInput
  tensors: DictionaryTensors
}

/**
 * A kind of sparse autoencoder as a form to fill in: the settings, the step that an engine computes, the first weights,
 * and how trained weights become a dictionary. The loop and the engines know no architecture by name.
 */
export interface Architecture<Schema extends z.ZodType = z.ZodType, Config extends RunConfig = RunConfig> {
  readonly name: string
  /** Strict; every field described. With `d_out` where a target is needed: like `d_in`, the harvest decides it. */
  readonly schema: Schema
  /** What it trains on in addition to the activations; the harvest must have stored it. */
  readonly needs?: readonly Companion[]
  readonly memory: MemoryTraits
  /**
   * Settings with which a run of a few steps exercises all of its state, in addition to the sizes that tests choose (widths,
   * `k`, tokens, batch). Tests that go through the registry train it with them.
   */
  readonly example?: Partial<z.input<Schema>>
  /** Fills defaults that depend on other settings. */
  resolve(options: z.output<Schema>): Config
  /** The training step as data. */
  spec(config: Config, calibration: Calibration): EngineSpec
  /** First weights. @param sample the first rows of the run */
  initialise(config: Config, calibration: Calibration, sample: CalibrationSample): Parameters
  /** @param carried what the selection rule carries, by name, in scaled units: thresholds for inference */
  fold(
    config: Config,
    parameters: Parameters,
    calibration: Calibration,
    carried: Readonly<Record<string, NamedTensor>>,
  ): FoldedDictionary
}
