/**
 * Finds the share of active latents above which matrix products are faster than sparse kernels:
 * `npx tsx bench/density.ts [--tokens 2048] [--d-in 576] [--d-sae 4608] [--repeats 5]`.
 *
 * A round computes what a step does with the codes: the selection of entries, decoding, both gradients of the weights, and
 * the gradient of the activations. The share with equal times is `DENSE_SHARE` of `trainer/sae/kernels/selected.ts`.
 */
import { parseArgs } from 'node:util'
import { formatTable } from '../scripts/cli/table'
import { codeMatrix, productsAt, selectWhere, times, transposedTimes } from '../trainer/sae/kernels/selected'
import { loadBackend } from '../trainer/tensors/backend'
import { createRandom } from '../trainer/tensors/random'
import { RawTensorFlow } from '../trainer/tensors/raw'
import { median } from './median'

const SHARES = [0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3]

const { values: flags } = parseArgs({
  options: {
    tokens: { type: 'string', default: '2048' },
    'd-in': { type: 'string', default: '576' },
    'd-sae': { type: 'string', default: '4608' },
    repeats: { type: 'string', default: '5' },
  },
})
const [n, d_in, d_sae, repeats] = [flags.tokens, flags['d-in'], flags['d-sae'], flags.repeats].map(Number) as [
  ...[number, number, number, number],
]

const { fingerprint } = await loadBackend('tensorflow')
const raw = new RawTensorFlow()
const random = createRandom('density')
const uniform = (rows: number, columns: number) =>
  raw.floats(
    Float32Array.from({ length: rows * columns }, () => random.next()),
    [rows, columns],
  )
const [pre, x, W_dec] = [uniform(n, d_sae), uniform(n, d_in), uniform(d_sae, d_in)]

function once(share: number, denseShare: number): number {
  const start = performance.now()
  raw.tidy(() => {
    const mask = raw.run('Less', [pre, raw.scalar(share)])
    const selection = selectWhere(raw, mask, pre, denseShare)
    const codes = codeMatrix(raw, selection)
    const decoded = times(raw, codes, W_dec)
    const ofActivations = productsAt(raw, selection, decoded, W_dec)
    raw.read(transposedTimes(raw, codes, decoded))
    return transposedTimes(raw, codeMatrix(raw, selection, ofActivations), x)
  })
  return performance.now() - start
}

const rows = SHARES.map((share) => {
  const timings = { sparse: [] as number[], dense: [] as number[] }
  for (let repeat = 0; repeat <= repeats; repeat++) {
    const [sparse, dense] = [once(share, 1), once(share, 0)]
    // The first round warms up.
    if (repeat === 0) continue
    timings.sparse.push(sparse)
    timings.dense.push(dense)
  }
  const [sparse, dense] = [median(timings.sparse), median(timings.dense)]
  return [`${share * 100} %`, sparse.toFixed(0), dense.toFixed(0), (sparse / dense).toFixed(2)]
})
console.log(`${n} tokens, d_in ${d_in}, d_sae ${d_sae}, ${fingerprint}, medians of ${repeats}`)
console.log(formatTable(['share', 'sparse, ms', 'dense, ms', 'sparse / dense'], rows))
