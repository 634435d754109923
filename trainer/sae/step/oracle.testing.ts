/** The training step in doubles and plain loops, against which engines are tested. For small sizes only. */
import { underused } from './losses/auxZipf'
import type { MatryoshkaLoss } from './losses/matryoshka'
import { furtherParameters, parameterShapes } from './state'
import { activations, backward, isRuled, partOf } from './oracleRules.testing'
import { largest, selectedPlaces } from './oracleSelect.testing'
import type { EngineSpec, Parameters } from './spec'

/** Trained tensors by name; those beyond weights and biases are there where the specification has them. */
type Doubles = Record<'W_enc' | 'b_enc' | 'W_dec' | 'b_dec', Float64Array> & Record<string, Float64Array>

export interface OracleBatch {
  x: ArrayLike<number>
  target?: ArrayLike<number>
  gradient?: ArrayLike<number>
}

/** What no gradient flows through: which latents the auxiliary parts revive, and the residual that they reconstruct. */
interface Fixed {
  dead: readonly number[]
  /** Those that aux-zipf revives. */
  dying: readonly number[]
  residual: Float64Array
  /** The decoder as the auxiliary loss of gated dictionaries sees it. */
  frozen: { W_dec: Float64Array; b_dec: Float64Array }
}

interface Forward {
  n: number
  input: Float64Array
  pre: Float64Array
  z: Float64Array
  /** x − x̂ */
  residual: Float64Array
  /** `[n, d_out]`, scaled */
  target: Float64Array
}

export class Oracle {
  readonly parameters: Doubles
  readonly m: Doubles
  readonly v: Doubles
  readonly tokensSinceFired: Float64Array
  readonly density: Float64Array
  private steps = 0

  constructor(
    private readonly spec: EngineSpec,
    parameters: Parameters,
  ) {
    const all = { ...furtherParameters(spec), ...parameters }
    this.parameters = this.mapDoubles((name) => Float64Array.from(all[name]!.data))
    this.m = this.zeros()
    this.v = this.zeros()
    this.tokensSinceFired = new Float64Array(spec.d_sae)
    this.density = new Float64Array(spec.d_sae)
  }

  /** Selects, reconstructs; `W_enc [d_in, d_sae]`. */
  forward({ x, target, gradient }: OracleBatch, parameters = this.parameters): Forward {
    const { W_enc, b_enc, W_dec, b_dec } = parameters
    const { d_in, d_out, d_sae, inputScale, targetScale, subtractDecoderBias, select } = this.spec
    const n = x.length / d_in
    const input = Float64Array.from(
      { length: n * d_in },
      (_, at) => x[at]! * inputScale - (subtractDecoderBias ? b_dec[at % d_in]! : 0),
    )
    const pre = new Float64Array(n * d_sae)
    let z: Float64Array = new Float64Array(n * d_sae)
    const residual = new Float64Array(n * d_out)
    const wanted = new Float64Array(n * d_out)
    for (let t = 0; t < n; t++) {
      for (let f = 0; f < d_sae; f++) {
        let sum = b_enc[f]!
        for (let i = 0; i < d_in; i++) sum += input[t * d_in + i]! * W_enc[i * d_sae + f]!
        pre[t * d_sae + f] = sum
      }
    }
    const scores = { pre, n, d_sae, W_dec, ...(gradient && { gradient }) }
    if (isRuled(select)) z = activations(select, pre, parameters)
    else for (const place of selectedPlaces(select, scores)) z[place] = Math.max(0, pre[place]!)
    for (let t = 0; t < n; t++) {
      for (let j = 0; j < d_out; j++) {
        let sum = b_dec[j]!
        for (let f = 0; f < d_sae; f++) sum += z[t * d_sae + f]! * W_dec[f * d_out + j]!
        for (let i = 0; parameters['W_skip'] && i < d_in; i++) {
          sum += parameters['W_skip'][j * d_in + i]! * x[t * d_in + i]! * inputScale
        }
        wanted[t * d_out + j] = target ? target[t * d_out + j]! * targetScale : x[t * d_out + j]! * inputScale
        residual[t * d_out + j] = wanted[t * d_out + j]! - sum
      }
    }
    return { n, input, pre, z, residual, target: wanted }
  }

  /** The loss as a function of parameters alone, for finite differences. */
  loss(parameters: Doubles, batch: OracleBatch, fixed: Fixed): number {
    const forward = this.forward(batch, parameters)
    let loss = 0
    for (const part of this.spec.losses) {
      if (part.part === 'mse') loss += (part.scale * sumOfSquares(forward.residual)) / forward.residual.length
      else if (part.part === 'matryoshka')
        loss += this.nested(parameters, forward, part).reduce((sum, { value }) => sum + value, 0)
      else if (part.part === 'aux-k' || part.part === 'aux-zipf')
        loss += this.auxiliary(parameters, forward, fixed, part).value
      else loss += partOf(part, { ...forward, d_out: this.spec.d_out, parameters, frozen: fixed.frozen }).value
    }
    return loss
  }

  /** Counts firing, then gradients of all parts; what `step` clips, projects and applies. */
  gradients(batch: OracleBatch): Fixed & { gradients: Doubles; forward: Forward } {
    const { d_out, d_sae, deadAfterTokens } = this.spec
    const forward = this.forward(batch)
    const dead: number[] = []
    for (let f = 0; f < d_sae; f++) {
      let fired = false
      for (let t = 0; t < forward.n; t++) fired ||= forward.z[t * d_sae + f]! > 0
      this.tokensSinceFired[f] = fired ? 0 : Math.min(deadAfterTokens, this.tokensSinceFired[f]! + forward.n)
      if (this.tokensSinceFired[f]! >= deadAfterTokens) dead.push(f)
      let count = 0
      for (let t = 0; t < forward.n; t++) if (forward.z[t * d_sae + f]! > 0) count++
      const rate = Math.min(1, Math.max(1 / (this.steps + 1), forward.n / deadAfterTokens))
      this.density[f]! += rate * (count / forward.n - this.density[f]!)
    }
    const total = this.zeros()
    const { W_dec, b_dec } = this.parameters
    const frozen = { W_dec: W_dec.slice(), b_dec: b_dec.slice() }
    const fixed = { dead, dying: this.dying(dead), residual: forward.residual, frozen }
    for (const part of this.spec.losses) {
      if (part.part === 'mse') {
        const R = forward.residual.map((value) => (-2 * part.scale * value) / (forward.n * d_out))
        this.addMain(total, batch, forward, R)
        for (let at = 0; at < R.length; at++) total.b_dec[at % d_out]! += R[at]!
      } else if (part.part === 'matryoshka') {
        for (const { z, R } of this.nested(this.parameters, forward, part)) {
          this.addPath(total, forward, z, R)
          for (let at = 0; at < R.length; at++) total.b_dec[at % d_out]! += R[at]!
        }
      } else if (part.part === 'aux-k' || part.part === 'aux-zipf') {
        const { z, R } = this.auxiliary(this.parameters, forward, fixed, part)
        this.addPath(total, forward, z, R)
      } else {
        const contribution = partOf(part, { ...forward, d_out, parameters: this.parameters, frozen })
        this.addEncoder(total, forward, contribution.pre)
        for (const [f, value] of contribution.threshold?.entries() ?? []) total['threshold']![f]! += value
      }
    }
    return { gradients: total, ...fixed, forward }
  }

  private dying(dead: readonly number[]): number[] {
    const part = this.spec.losses.find((loss) => loss.part === 'aux-zipf')
    if (!part) return []
    const isDead = Float32Array.from(this.density, (_, f) => (dead.includes(f) ? 1 : 0))
    const which = underused(Float32Array.from(this.density), isDead, part)
    return Array.from(which.keys()).filter((f) => which[f] === 1)
  }

  step(batch: OracleBatch, learningRate: number): void {
    const { gradients } = this.gradients(batch)
    const { beta1, beta2, epsilon, gradientClip, unitNormDecoder, rates = {} } = this.spec.optimiser
    const names = Object.keys(gradients)
    const norm = Math.sqrt(names.reduce((sum, name) => sum + sumOfSquares(gradients[name]!), 0))
    if (gradientClip !== null && norm > gradientClip) {
      for (const values of Object.values(gradients))
        for (let i = 0; i < values.length; i++) values[i]! *= gradientClip / norm
    }
    if (unitNormDecoder) this.project(gradients.W_dec)
    this.steps += 1
    for (const name of names) {
      const rate = learningRate * (rates[name] ?? 1)
      for (let i = 0; i < gradients[name]!.length; i++) {
        const g = gradients[name]![i]!
        const m = (this.m[name]![i] = beta1 * this.m[name]![i]! + (1 - beta1) * g)
        const v = (this.v[name]![i] = beta2 * this.v[name]![i]! + (1 - beta2) * g * g)
        const unbiased = Math.sqrt(v / (1 - beta2 ** this.steps)) + epsilon
        this.parameters[name]![i]! -= (rate * m) / (1 - beta1 ** this.steps) / unbiased
      }
    }
    if (unitNormDecoder) this.normalise()
  }

  /** Removes from each row of a decoder gradient what is parallel to the unit decoder row. */
  project(gradient: Float64Array): void {
    const { d_out, d_sae } = this.spec
    const { W_dec } = this.parameters
    for (let f = 0; f < d_sae; f++) {
      let along = 0
      for (let j = 0; j < d_out; j++) along += gradient[f * d_out + j]! * W_dec[f * d_out + j]!
      for (let j = 0; j < d_out; j++) gradient[f * d_out + j]! -= along * W_dec[f * d_out + j]!
    }
  }

  private normalise(): void {
    const { d_out, d_sae } = this.spec
    const { W_dec } = this.parameters
    for (let f = 0; f < d_sae; f++) {
      const norm = Math.sqrt(sumOfSquares(W_dec.subarray(f * d_out, (f + 1) * d_out)))
      for (let j = 0; j < d_out; j++) W_dec[f * d_out + j]! /= norm
    }
  }

  /** Every prefix of groups as a separate dictionary: its codes, its share of the loss, and d loss/d x̂. */
  private nested({ W_dec }: Doubles, { n, z, residual }: Forward, { scale, groups }: MatryoshkaLoss) {
    const { d_out, d_sae } = this.spec
    return groups.map((_, last) => {
      const end = groups.slice(0, last + 1).reduce((sum, size) => sum + size, 0)
      const z_g = z.map((value, at) => (at % d_sae < end ? value : 0))
      const left = residual.map((value, at) => {
        const [t, j] = [Math.floor(at / d_out), at % d_out]
        for (let f = end; f < d_sae; f++) value += z[t * d_sae + f]! * W_dec[f * d_out + j]!
        return value
      })
      const factor = scale / (n * d_out * groups.length)
      return { z: z_g, value: factor * sumOfSquares(left), R: left.map((value) => -2 * factor * value) }
    })
  }

  private auxiliary(
    { W_dec }: Doubles,
    { n, pre }: Forward,
    { dead, dying, residual }: Fixed,
    { part, k, coefficient }: { part: 'aux-k' | 'aux-zipf'; k: number; coefficient: number },
  ): { value: number; z: Float64Array; R: Float64Array } {
    const { d_out, d_sae } = this.spec
    const revived = part === 'aux-k' ? dead : dying
    const z = new Float64Array(n * d_sae)
    if (revived.length === 0) return { value: 0, z, R: new Float64Array(residual.length) }
    const difference = residual.map((value) => -value)
    const means = new Float64Array(d_out)
    for (let at = 0; at < residual.length; at++) means[at % d_out]! += residual[at]! / n
    for (let t = 0; t < n; t++) {
      const candidates = Float64Array.from(revived, (f) => pre[t * d_sae + f]!)
      for (const index of largest(candidates, Math.min(k, revived.length))) {
        const f = revived[index]!
        z[t * d_sae + f] = Math.max(0, candidates[index]!)
        for (let j = 0; j < d_out; j++) difference[t * d_out + j]! += z[t * d_sae + f]! * W_dec[f * d_out + j]!
      }
    }
    const variance = residual.reduce((sum, value, at) => sum + (value - means[at % d_out]!) ** 2, 0)
    return {
      value: (coefficient * sumOfSquares(difference)) / variance,
      z,
      R: difference.map((value) => (2 * coefficient * value) / variance),
    }
  }

  /** Gradients of the reconstruction itself, with upstream gradient `R`, through the selection rule and the skip. */
  private addMain(total: Doubles, { x }: OracleBatch, forward: Forward, R: Float64Array): void {
    const { d_in, d_out, d_sae, inputScale, select } = this.spec
    const { n, z, pre } = forward
    const skip = total['W_skip']
    for (let at = 0; skip && at < R.length; at++) {
      const [t, j] = [Math.floor(at / d_out), at % d_out]
      for (let i = 0; i < d_in; i++) skip[j * d_in + i]! += R[at]! * x[t * d_in + i]! * inputScale
    }
    if (!isRuled(select)) return this.addPath(total, forward, z, R)
    const { W_dec } = this.parameters
    const dz = new Float64Array(n * d_sae)
    for (let at = 0; at < dz.length; at++) {
      const [t, f] = [Math.floor(at / d_sae), at % d_sae]
      for (let j = 0; j < d_out; j++) {
        dz[at]! += R[t * d_out + j]! * W_dec[f * d_out + j]!
        total.W_dec[f * d_out + j]! += z[at]! * R[t * d_out + j]!
      }
    }
    this.addEncoder(total, forward, backward(select, { pre, z, dz }, this.parameters, total))
  }

  /** @param G `[n, d_sae]` d loss/d pre */
  private addEncoder(total: Doubles, { n, input }: Forward, G: Float64Array): void {
    const { d_in, d_sae, subtractDecoderBias } = this.spec
    const { W_enc } = this.parameters
    for (let at = 0; at < n * d_sae; at++) {
      const [t, f] = [Math.floor(at / d_sae), at % d_sae]
      total.b_enc[f]! += G[at]!
      for (let i = 0; i < d_in; i++) {
        total.W_enc[i * d_sae + f]! += input[t * d_in + i]! * G[at]!
        if (subtractDecoderBias) total.b_dec[i]! -= G[at]! * W_enc[i * d_sae + f]!
      }
    }
  }

  private zeros(): Doubles {
    return this.mapDoubles((name) => new Float64Array(this.parameters[name]!.length))
  }

  private mapDoubles(make: (name: string) => Float64Array): Doubles {
    return Object.fromEntries(Object.keys(parameterShapes(this.spec)).map((name) => [name, make(name)])) as Doubles
  }

  /** Gradients of one decoding of `z` with upstream gradient `R`, back through the encoder. */
  private addPath(total: Doubles, { n, input }: Forward, z: Float64Array, R: Float64Array): void {
    const { d_in, d_out, d_sae, subtractDecoderBias } = this.spec
    const { W_enc, W_dec } = this.parameters
    for (let t = 0; t < n; t++) {
      for (let f = 0; f < d_sae; f++) {
        const value = z[t * d_sae + f]!
        if (value <= 0) continue
        let G = 0
        for (let j = 0; j < d_out; j++) {
          G += R[t * d_out + j]! * W_dec[f * d_out + j]!
          total.W_dec[f * d_out + j]! += value * R[t * d_out + j]!
        }
        total.b_enc[f]! += G
        for (let i = 0; i < d_in; i++) {
          total.W_enc[i * d_sae + f]! += input[t * d_in + i]! * G
          if (subtractDecoderBias) total.b_dec[i]! -= G * W_enc[i * d_sae + f]!
        }
      }
    }
  }
}

function sumOfSquares(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value * value, 0)
}
