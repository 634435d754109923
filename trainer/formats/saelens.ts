import type { DictionaryFormat } from './format'
import { exportSaelens } from './saelensExport'
import { importSaelens } from './saelensImport'

/** SAELens 6: `cfg.json`, `sae_weights.safetensors` and, where densities are known, `sparsity.safetensors`. */
export const saelens: DictionaryFormat = {
  name: 'saelens',
  description: 'a folder of SAELens (6 and later; older ones are read)',
  import: importSaelens,
  export: exportSaelens,
}
