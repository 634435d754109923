import { extname } from 'node:path'
import { exportDictionaryLearning } from './export'
import { importDictionaryLearning } from './import'
import type { DictionaryFormat } from '../format'

/** dictionary_learning: `ae.pt`, or `ae_<step>.pt` of a checkpoint, beside `config.json`. */
export const dictionaryLearning: DictionaryFormat = {
  name: 'dictionary-learning',
  description: 'a trainer’s folder of dictionary_learning',
  holds: 'ae.pt and config.json',
  find(names, wanted = 'ae.pt') {
    const fits = extname(wanted) === '.pt' && names.includes(wanted) && names.includes('config.json')
    return fits ? { weights: wanted, config: 'config.json' } : undefined
  },
  import: importDictionaryLearning,
  export: exportDictionaryLearning,
}
