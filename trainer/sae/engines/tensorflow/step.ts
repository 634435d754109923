/** Forward, backward and update of one step on TensorFlow's kernels. */
import { type Handle, type RawTensorFlow, attribute } from '../../../tensors/raw'
import { lossPart, selectionRule } from '../../step'
import type { TensorflowContribution, TensorflowStep } from '../../step/losses/loss'
import { type TensorflowGradient, sumGradients } from '../../kernels/gradients'
import type { Selection } from '../../kernels/selection'
import type { SelectionGradients, TensorflowBatch } from '../../step/selections/selection'
import type { EncodingPass, EngineSpec, StepInput } from '../../step/spec'
import { without, withoutPrefix } from '../../step/state'
import type { Part } from '../shared/losses'
import { normaliseRows, projectGradient } from '../../kernels/decoder'
import { addToBias, encoderBias, encoderProduct, gradientThroughInput, withOnes } from '../../kernels/encoder'
import { updateFiring } from '../../kernels/firing'
import { codeMatrix, countActive, times, transposedTimes } from '../../kernels/selected'
import { adamStep } from '../../kernels/variables'
import { mapTrained, mapValues, type Run, type Trained } from './tensors'

type Tensors = Trained<Handle>

export interface Forward {
  step: TensorflowStep
  batch: TensorflowBatch
  /** What the selection rule carries to the next step. */
  carried: Record<string, Handle>
}

export type TensorflowPart = Part<TensorflowContribution>

export function readVariables({ variables }: Run): Tensors {
  return mapTrained(variables, ({ value }) => value.read())
}

export function scaled(raw: RawTensorFlow, values: Float32Array, n: number, scale: number): Handle {
  return raw.tidy(() => {
    const matrix = raw.floats(values, [n, values.length / n])
    return raw.run('Mul', [matrix, raw.scalar(scale)])
  })
}

/** @param x `[n, d_in]`, scaled */
export function preActivations(raw: RawTensorFlow, spec: EngineSpec, { encoder, b_dec }: Tensors, x: Handle) {
  const input = withOnes(raw, spec.subtractDecoderBias ? raw.run('Sub', [x, b_dec]) : x)
  return { input, pre: encoderProduct(raw, input, encoder) }
}

export function selectionBatch(
  raw: RawTensorFlow,
  run: Run,
  tensors: Tensors,
  pre: Handle,
  gradient: Float32Array | undefined,
): TensorflowBatch {
  const { encoder, W_dec } = tensors
  return {
    pre,
    W_dec,
    step: run.step,
    density: run.firing.density.read(),
    ...(gradient && { gradient: raw.floats(gradient, [pre.shape[0]!, run.spec.d_out]) }),
    state: mapValues(run.selection, (variable) => variable.read()),
    parameters: without(tensors, ['encoder', 'W_dec', 'b_dec']),
    b_enc: () => encoderBias(raw, encoder),
  }
}

/** What the rule of the last step selects in a batch outside training; `pass` moves on. */
export function selectAsTrained(
  raw: RawTensorFlow,
  run: Run,
  batch: TensorflowBatch,
  pass: EncodingPass | undefined,
): Selection {
  const { select } = run.spec
  const state = pass?.carried ? mapValues(pass.carried, ({ shape, data }) => raw.floats(data, shape)) : batch.state
  const last = { ...batch, state, step: Math.max(0, run.step - 1) }
  const { selection, state: next } = selectionRule(select).tensorflow(raw, last, select)
  if (pass) pass.carried = mapValues(next, (handle) => ({ shape: [...handle.shape], data: raw.read(handle) }))
  return selection
}

/** x̂ of codes: with b_dec, and W_skip x where there is one. */
export function reconstruction(raw: RawTensorFlow, product: Handle, tensors: Tensors, x: Handle | undefined): Handle {
  const output = raw.run('AddV2', [product, tensors.b_dec])
  if (!tensors['W_skip'] || !x) return output
  const skipped = raw.run('MatMul', [x, tensors['W_skip']], [attribute.bool('transpose_b', true)])
  return raw.run('AddV2', [output, skipped])
}

export function forward(raw: RawTensorFlow, run: Run, tensors: Tensors, rows: StepInput, n: number): Forward {
  const { spec, step } = run
  const { W_dec, b_dec } = tensors
  const x = scaled(raw, rows.x, n, spec.inputScale)
  const target = rows.target ? scaled(raw, rows.target, n, spec.targetScale) : x
  const encoded = preActivations(raw, spec, tensors, x)
  const batch = selectionBatch(raw, run, tensors, encoded.pre, rows.gradient)
  const { selection, state: carried } = selectionRule(spec.select).tensorflow(raw, batch, spec.select)
  const codes = codeMatrix(raw, selection)
  const error = raw.run('Sub', [reconstruction(raw, times(raw, codes, W_dec), tensors, x), target])
  const firing = updateFiring(raw, run.firing, selection, { deadAfterTokens: spec.deadAfterTokens, step })
  let active: number | undefined
  const l0 = () => (active ??= countActive(raw, selection)) / n
  const { parameters } = batch
  return {
    step: { raw, step, x, ...encoded, target, selection, codes, error, W_dec, b_dec, parameters, l0, ...firing },
    batch,
    carried,
  }
}

export function lossParts(run: Run, step: TensorflowStep): TensorflowPart[] {
  const state = mapValues(run.losses, (variable) => variable.read())
  return run.spec.losses.map((loss) => ({
    name: loss.part,
    contribution: lossPart(loss).tensorflow(step, loss, withoutPrefix(state, `${loss.part}.`)),
  }))
}

export function gradients(
  raw: RawTensorFlow,
  spec: EngineSpec,
  tensors: Tensors,
  { step, batch }: Forward,
  parts: readonly TensorflowPart[],
): Tensors {
  const contributions = parts.flatMap(({ contribution }) => contribution ?? [])
  const selected = throughSelection(raw, spec, { step, batch }, contributions)
  const all = [...selected, ...contributions.flatMap((contribution) => contribution.gradients ?? [])]
  const bias = all.filter(({ of }) => of === 'b_enc')
  const sums = sumGradients(
    raw,
    all,
    mapTrained(tensors, ({ shape }) => shape),
  ) as Tensors
  const through = () => gradientThroughInput(raw, sums.encoder, tensors.encoder)
  return {
    ...sums,
    b_dec: spec.subtractDecoderBias ? raw.run('Sub', [sums.b_dec, through()]) : sums.b_dec,
    encoder: bias.reduce((encoder, { values }) => addToBias(raw, encoder, values), sums.encoder),
  }
}

/** From gradients at the entries of the selection to gradients of the encoder and of the tensors that the rule trains. */
function throughSelection(
  raw: RawTensorFlow,
  { select }: EngineSpec,
  { step: { selection, input }, batch }: Pick<Forward, 'step' | 'batch'>,
  contributions: readonly TensorflowContribution[],
): TensorflowGradient[] {
  const total = (handles: (Handle | undefined)[]) => {
    const present = handles.filter((handle) => handle !== undefined)
    return present.length > 0 ? present.reduce((left, right) => raw.run('AddV2', [left, right])) : undefined
  }
  const dz = total(contributions.map(({ z }) => z))
  const { backward } = selectionRule(select)
  // ReluGrad: passes the gradient where the activation is positive.
  const plain = (values: Handle): SelectionGradients<Handle, Handle> => ({
    pre: raw.run('ReluGrad', [values, selection.values]),
  })
  const back = dz && (backward ? backward.tensorflow(raw, batch, selection, dz, select) : plain(dz))
  const G = total([back?.pre, ...contributions.map(({ pre }) => pre)])
  const encoder = () => transposedTimes(raw, codeMatrix(raw, selection, G), input)
  return [
    ...(G ? [{ of: 'encoder', values: encoder() }] : []),
    ...Object.entries(back?.parameters ?? {}).map(([of, values]) => ({ of, values })),
  ]
}

/** Clip, project, Adam, renormalise. Frees `tensors`: reads that are alive would force the updates to copy. */
export function update(
  raw: RawTensorFlow,
  run: Run,
  { tensors, gradients, norm }: { tensors: Tensors; gradients: Tensors; norm: number },
  learningRate: number,
): void {
  const { optimiser } = run.spec
  run.step += 1
  const { gradientClip: clip, unitNormDecoder, rates } = optimiser
  const factor = clip !== null && norm > clip ? raw.scalar(clip / norm) : undefined
  const clipped = mapTrained(gradients, (gradient) => (factor ? raw.run('Mul', [gradient, factor]) : gradient))
  if (unitNormDecoder) clipped.W_dec = projectGradient(raw, clipped.W_dec, tensors.W_dec)
  raw.free(...Object.values(tensors))
  const step = adamStep(raw, optimiser, run.step, learningRate)
  for (const [name, variable] of Object.entries(run.variables)) {
    const rate = rates?.[name]
    variable.update(rate ? adamStep(raw, optimiser, run.step, learningRate * rate) : step, clipped[name]!)
  }
  if (!unitNormDecoder) return
  raw.tidy(() => run.variables.W_dec.value.set(normaliseRows(raw, run.variables.W_dec.value.read())))
}
