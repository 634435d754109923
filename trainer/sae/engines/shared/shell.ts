/** What all engines have in common: the checks, and the one run that an engine holds from `init` to `dispose`. */
import type { Codes } from '../../codes/codes'
import type {
  EncodeOptions,
  EngineInfo,
  EngineSpec,
  EngineState,
  Parameters,
  StepInput,
  StepMetrics,
  StepOptions,
  TrainEngine,
} from '../../step/spec'
import { furtherParameters } from '../../step/state'
import { checkDecodable, checkEncodable, checkInput, checkParameters, checkSpec, checkState } from './checks'

type Awaitable<T> = T | Promise<T>

/**
 * What one engine computes, on tensors of its own; inputs are checked. A function may return at once or later, and may
 * throw.
 */
export interface Computation<Run extends { readonly spec: EngineSpec }> {
  /** @param parameters all that the specification trains */
  create(spec: EngineSpec, parameters: Parameters): Awaitable<Run>
  /** @param n rows of the batch */
  step(run: Run, input: StepInput, n: number, options: StepOptions): Awaitable<StepMetrics | null>
  /** @param n rows of `x` */
  encode(run: Run, x: Float32Array, n: number, options: EncodeOptions): Awaitable<Codes>
  /** @param x the inputs, where there is a skip connection */
  decode(run: Run, codes: Codes, x: Float32Array | undefined): Awaitable<Float32Array>
  params(run: Run): Awaitable<Parameters>
  state(run: Run): Awaitable<EngineState>
  load(run: Run, state: EngineState): Awaitable<void>
  dispose(run: Run): void
}

export class Engine<Run extends { readonly spec: EngineSpec }> implements TrainEngine {
  private run: Run | undefined

  constructor(
    readonly info: EngineInfo,
    private readonly computation: Computation<Run>,
  ) {}

  async init(spec: EngineSpec, parameters: Parameters): Promise<void> {
    const all = { ...furtherParameters(spec), ...parameters }
    checkSpec(spec)
    checkParameters(spec, all)
    this.dispose()
    this.run = await this.computation.create(spec, all)
  }

  step(input: StepInput, options: StepOptions): Promise<StepMetrics | null> {
    return this.compute((run) => this.computation.step(run, input, checkInput(run.spec, input), options))
  }

  encode(x: Float32Array, options: EncodeOptions = {}): Promise<Codes> {
    return this.compute((run) => this.computation.encode(run, x, checkEncodable(run.spec, x, options), options))
  }

  decode(codes: Codes, x?: Float32Array): Promise<Float32Array> {
    return this.compute((run) => this.computation.decode(run, codes, checkDecodable(run.spec, codes.n, x)))
  }

  params(): Promise<Parameters> {
    return this.compute((run) => this.computation.params(run))
  }

  state(): Promise<EngineState> {
    return this.compute((run) => this.computation.state(run))
  }

  load(state: EngineState): Promise<void> {
    return this.compute((run) => {
      checkState(run.spec, state)
      return this.computation.load(run, state)
    })
  }

  dispose(): void {
    if (this.run) this.computation.dispose(this.run)
    this.run = undefined
  }

  /** What `work` throws becomes a rejection, also where it is not asynchronous. */
  private async compute<T>(work: (run: Run) => Awaitable<T>): Promise<T> {
    if (!this.run) throw new Error('the engine is used before init() or after dispose()')
    const result = await work(this.run)
    return result
  }
}
