/**
 * The same operations as TensorFlow ops called by name. The savings were measured on one-token steps, where the work is
 * small compared to the calls: `MatMul` instead of the batched product that tfjs uses (100 µs each, oneDNN's
 * set-up), `Roll` instead of split and concatenation, an update in place instead of a copy, no tape and no casts.
 *
 * A row's values do not depend on its place in a batch, bit for bit, on a CPU with AVX-512: TensorFlow's vector code and
 * its scalar code for the last elements round `Rsqrt` and the reciprocal inside `Softmax` differently, so roots and
 * quotients are taken with ops that round correctly. Two equal rows of one batch then have equal results. Without
 * AVX-512 the products themselves sum the rows at the edge of a block in another order, and the last bits differ; results
 * that must be equal there are equal by construction (steering: an edit that changes nothing).
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { KernelSizes, ModelKernels } from './plain'

interface NodeBackend {
  executeSingleOutput(op: string, attributes: object[], inputs: Tensor[]): Tensor
  executeMultipleOutputs(op: string, attributes: object[], inputs: Tensor[], outputs: number): Tensor[]
  binding: { TF_ATTR_TYPE: number; TF_ATTR_BOOL: number; TF_ATTR_INT: number; TF_FLOAT: number; TF_INT32: number }
}

/** Only with the `tensorflow` backend in use. */
export function tensorflowKernels({ n_heads, n_kv_heads, d_head, norm_eps }: KernelSizes): ModelKernels {
  const backend = tf.backend() as unknown as NodeBackend
  const { TF_ATTR_TYPE, TF_ATTR_BOOL, TF_ATTR_INT, TF_FLOAT, TF_INT32 } = backend.binding
  const type = (name: string, value: number) => ({ name, type: TF_ATTR_TYPE, value })
  const flag = (name: string, value: boolean) => ({ name, type: TF_ATTR_BOOL, value })
  const float = [type('T', TF_FLOAT)]
  const product = [...float, flag('transpose_a', false), flag('transpose_b', false)]
  const transposed = [...float, flag('transpose_a', false), flag('transpose_b', true)]
  const reduction = [...float, type('Tidx', TF_INT32), flag('keep_dims', true)]
  const roll = [...float, type('Tshift', TF_INT32), type('Taxis', TF_INT32)]
  const splitting = [...float, type('Tlen', TF_INT32), { name: 'num_split', type: TF_ATTR_INT, value: 2 }]
  const run = backend.executeSingleOutput.bind(backend)
  const mul = (a: Tensor, b: Tensor) => run('Mul', float, [a, b])
  const div = (a: Tensor, b: Tensor) => run('RealDiv', float, [a, b])
  const add = (a: Tensor, b: Tensor) => run('AddV2', float, [a, b])
  const lastAxis = tf.keep(tf.scalar(-1, 'int32'))
  const half = tf.keep(tf.scalar(d_head / 2, 'int32'))
  const eps = tf.keep(tf.scalar(norm_eps))
  const headCounts = tf.keep(tf.tensor1d([n_heads, n_kv_heads], 'int32'))
  const headAxis = tf.keep(tf.scalar(2, 'int32'))
  return {
    linear: (x, weight) => run('MatMul', transposed, [x, weight]),
    product: (a, b) => run('MatMul', product, [a, b]),
    rmsNormalise: (x) =>
      tf.tidy(() => {
        const meanSquare = run('Mean', reduction, [run('Square', float, [x]), lastAxis])
        return div(x, run('Sqrt', float, [add(meanSquare, eps)]))
      }),
    softmax: (x) =>
      tf.tidy(() => {
        const exponentials = run('Exp', float, [run('Sub', float, [x, run('Max', reduction, [x, lastAxis])])])
        return div(exponentials, run('Sum', reduction, [exponentials, lastAxis]))
      }),
    rotate: (x, cos, sin) =>
      tf.tidy(() => {
        const swapped = run('Roll', roll, [x, half, lastAxis])
        return add(mul(x, cos), mul(swapped, sin))
      }),
    splitHeads: (x) =>
      backend.executeMultipleOutputs('SplitV', splitting, [x, headCounts, headAxis], 2) as [Tensor, Tensor],
    gatedSilu: (gate, up) => tf.tidy(() => mul(mul(gate, run('Sigmoid', float, [gate])), up)),
    placeRows: (buffer, at, rows) => {
      const result = run('InplaceUpdate', float, [buffer, at, rows])
      buffer.dispose()
      return result
    },
    dispose: () => tf.dispose([lastAxis, half, eps, headCounts, headAxis]),
  }
}
