/** SAELens 6: `cfg.json`, `sae_weights.safetensors` and, where densities are known, `sparsity.safetensors`. */
import type { DictionaryFormat } from '../format'
import { exportSaelens } from './export'
import { importSaelens, SCALER, SPARSITY, WEIGHTS } from './import'

export const saelens: DictionaryFormat = {
  name: 'saelens',
  description: 'a folder of SAELens (6 and later; older ones can be imported)',
  holds: `cfg.json and ${WEIGHTS}`,
  find(names, wanted = WEIGHTS) {
    if (wanted !== WEIGHTS || !names.includes(WEIGHTS) || !names.includes('cfg.json')) return undefined
    const optional = [SPARSITY, SCALER].filter((name) => names.includes(name))
    return { weights: WEIGHTS, config: 'cfg.json', optional }
  },
  import: importSaelens,
  export: exportSaelens,
}
