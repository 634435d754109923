/** dictionary_learning: `ae.pt`, or `ae_<step>.pt` of a checkpoint, and `config.json`. */
import { extname } from 'node:path'
import { exportDictionaryLearning } from './export'
import { importDictionaryLearning } from './import'
import type { DictionaryFormat } from '../format'

export const dictionaryLearning: DictionaryFormat = {
  name: 'dictionary-learning',
  description: 'the folder of one trainer of dictionary_learning',
  holds: 'ae.pt and config.json',
  find(names, wanted = 'ae.pt') {
    const fits = extname(wanted) === '.pt' && names.includes(wanted) && names.includes('config.json')
    return fits ? { weights: wanted, config: 'config.json' } : undefined
  },
  import: importDictionaryLearning,
  export: exportDictionaryLearning,
}
