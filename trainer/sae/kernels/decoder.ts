/** What keeps decoder rows at norm 1 (methods of Bricken et al. 2023): projected gradients, then rescaled rows. */
import { attribute, type Handle, type RawTensorFlow } from '../../tensors/raw'

/**
 * `gradient` without its component along each unit row: g − (g · w) w.
 * @param rows `[d_sae, d_out]` of norm 1
 */
export function projectGradient(raw: RawTensorFlow, gradient: Handle, rows: Handle): Handle {
  return raw.tidy(() => {
    const along = rowSums(raw, raw.run('Mul', [gradient, rows]))
    return raw.run('Sub', [gradient, raw.run('Mul', [rows, along])])
  })
}

export function normaliseRows(raw: RawTensorFlow, rows: Handle): Handle {
  return raw.tidy(() => {
    const norms = raw.run('Sqrt', [rowSums(raw, raw.run('Square', [rows]))])
    return raw.run('RealDiv', [rows, norms])
  })
}

function rowSums(raw: RawTensorFlow, matrix: Handle): Handle {
  return raw.run('Sum', [matrix, raw.integers([1])], [attribute.bool('keep_dims', true)])
}
