/** Activations and losses of rules that do not rank, in doubles and plain loops: for the oracle. */
import type { LossSpec, SelectionSpec } from '.'

type Doubles = Readonly<Record<string, Float64Array>>
type Ruled = Extract<SelectionSpec, { rule: 'relu' | 'jumprelu' | 'gated' }>

export function isRuled(select: SelectionSpec): select is Ruled {
  return select.rule === 'relu' || select.rule === 'jumprelu' || select.rule === 'gated'
}

/** `[n, d_sae]` activations of pre-activations. */
export function activations(select: Ruled, pre: Float64Array, parameters: Doubles): Float64Array {
  const d_sae = parameters['b_enc']!.length
  return pre.map((value, at) => {
    const f = at % d_sae
    if (select.rule === 'relu') return Math.max(0, value)
    if (select.rule === 'jumprelu') return value > parameters['threshold']![f]! ? Math.max(0, value) : 0
    if (value <= 0) return 0
    const xe = value - parameters['b_enc']![f]!
    return Math.max(0, Math.exp(parameters['r_mag']![f]!) * xe + parameters['b_mag']![f]!)
  })
}

/** From d loss/d z of all latents to d loss/d pre; adds to the gradients of the tensors that the rule trains. */
export function backward(
  select: Ruled,
  { pre, z, dz }: { pre: Float64Array; z: Float64Array; dz: Float64Array },
  parameters: Doubles,
  total: Doubles,
): Float64Array {
  const d_sae = parameters['b_enc']!.length
  return pre.map((value, at) => {
    const f = at % d_sae
    const through = z[at]! > 0 ? dz[at]! : 0
    if (select.rule === 'jumprelu') {
      const threshold = parameters['threshold']![f]!
      const near = Math.abs(value - threshold) < select.bandwidth / 2
      if (near) total['threshold']![f]! -= (threshold / select.bandwidth) * dz[at]!
    }
    if (select.rule !== 'gated') return through
    const scaled = Math.exp(parameters['r_mag']![f]!) * through
    total['b_mag']![f]! += through
    total['r_mag']![f]! += scaled * (value - parameters['b_enc']![f]!)
    total['b_enc']![f]! -= scaled
    return scaled
  })
}

interface Step {
  n: number
  d_out: number
  pre: Float64Array
  z: Float64Array
  /** `[n, d_out]` */
  target: Float64Array
  parameters: Doubles
  /** The decoder as the auxiliary loss of gated dictionaries sees it. */
  frozen: { W_dec: Float64Array; b_dec: Float64Array }
}

/** Value, d part/d pre and d part/d threshold of a part at the first step, without warm-up. */
export function partOf(
  spec: LossSpec,
  { n, d_out, pre, z, target, parameters, frozen }: Step,
): { value: number; pre: Float64Array; threshold?: Float64Array } {
  const d_sae = parameters['b_enc']!.length
  if (spec.part === 'l1') {
    const sum = pre.reduce((total, value) => total + Math.max(0, value), 0)
    const share = spec.coefficient / n
    return { value: share * sum, pre: pre.map((value) => (value > 0 ? share : 0)) }
  }
  if (spec.part === 'l0') {
    const mean = z.filter((value) => value > 0).length / n
    const { coefficient, target: wanted, bandwidth } = spec
    const value = wanted === null ? coefficient * mean : coefficient * (mean / wanted - 1) ** 2
    const slope = wanted === null ? coefficient : (2 * coefficient * (mean / wanted - 1)) / wanted
    const threshold = new Float64Array(d_sae)
    for (const [at, each] of pre.entries()) {
      const f = at % d_sae
      if (Math.abs(each - parameters['threshold']![f]!) < bandwidth / 2) threshold[f]! -= slope / (bandwidth * n)
    }
    return { value, pre: new Float64Array(pre.length), threshold }
  }
  if (spec.part !== 'gated-aux') throw new Error(`the oracle has no definition of the loss "${spec.part}"`)
  const { W_dec, b_dec } = frozen
  const error = target.map((wanted, at) => {
    const [t, j] = [Math.floor(at / d_out), at % d_out]
    let sum = b_dec[j]! - wanted
    for (let f = 0; f < d_sae; f++) sum += Math.max(0, pre[t * d_sae + f]!) * W_dec[f * d_out + j]!
    return sum
  })
  const factor = spec.scale / (n * d_out)
  const gates = pre.map((value, at) => {
    if (value <= 0) return 0
    const [t, f] = [Math.floor(at / d_sae), at % d_sae]
    let sum = 0
    for (let j = 0; j < d_out; j++) sum += 2 * factor * error[t * d_out + j]! * W_dec[f * d_out + j]!
    return sum
  })
  return { value: factor * error.reduce((sum, value) => sum + value * value, 0), pre: gates }
}
