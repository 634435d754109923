/**
 * Hooks as generators: a forward pass yields `{ name, value }` at every hook that the run wants and continues with the
 * value it gets back. To stop early is to not resume it. A hook that nobody wants costs nothing.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { LoupeError, unknownName } from '../../errors'
import type { HookEdit, RunOptions } from '../types'

export interface HookPoint {
  name: string
  value: Tensor
}

/** A piece of a forward pass: yields hook points, is resumed with the value that flows on, returns its result. */
export type HookedSteps<T> = Generator<HookPoint, T, Tensor>

/** What one run does at which hook. Throws for names that the model does not have. */
export class HookPlan {
  /** Hook name → captured value; filled while the run is driven. */
  readonly captured = new Map<string, Tensor>()
  private readonly capture: ReadonlySet<string>
  private readonly edits: ReadonlyMap<string, HookEdit>
  private readonly stopAt: string | undefined

  constructor(known: readonly string[], { capture = [], edits = new Map(), stopAt }: RunOptions) {
    this.capture = new Set(capture)
    this.edits = edits
    this.stopAt = stopAt
    const names = new Set(known)
    for (const name of [...this.capture, ...edits.keys(), ...(stopAt === undefined ? [] : [stopAt])]) {
      if (!names.has(name)) throw unknownName('hook', name, known)
    }
  }

  wants(name: string): boolean {
    return this.capture.has(name) || this.edits.has(name) || this.stopAt === name
  }

  /** Whether any layer's hook of that name is wanted, e.g. `attn.hook_pattern`. */
  wantsAny(suffix: string): boolean {
    return [...this.capture, ...this.edits.keys(), this.stopAt ?? ''].some((name) => name.endsWith(`.${suffix}`))
  }

  /**
   * Runs the steps to the last one, or to the hook to stop at; returns undefined when it stopped there. It runs in its
   * own tidy: only the result and the captured values survive.
   */
  drive(steps: HookedSteps<Tensor>): Tensor | undefined {
    const names: string[] = []
    const { result, captured } = tf.tidy(() => {
      const values: Tensor[] = []
      const last = this.finish(steps, (name, value) => {
        names.push(name)
        values.push(value)
      })
      // tidy finds tensors in arrays; an absent result is an empty array.
      return { result: last ? [last] : [], captured: values }
    })
    names.forEach((name, i) => this.captured.set(name, captured[i]!))
    return result[0]
  }

  private finish(steps: HookedSteps<Tensor>, keep: (name: string, value: Tensor) => void): Tensor | undefined {
    let step = steps.next()
    while (!step.done) {
      const { name, value } = step.value
      const flowing = this.edited(name, value)
      // A clone shares the data: the caller can dispose it, whatever happens to the value inside the model.
      if (this.capture.has(name)) keep(name, tf.clone(flowing))
      if (name === this.stopAt) return undefined
      step = steps.next(flowing)
    }
    return step.value
  }

  private edited(name: string, value: Tensor): Tensor {
    const edit = this.edits.get(name)
    if (!edit) return value
    const result = edit(value)
    if (result.shape.join() === value.shape.join()) return result
    throw new LoupeError(
      'bad-input',
      `an edit of ${name} made [${result.shape.join(', ')}] out of [${value.shape.join(', ')}]`,
      { remedy: 'an edit keeps the shape of the value that it edits' },
    )
  }
}
