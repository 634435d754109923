/** Sparse probing, described. */
import { z } from 'zod'
import { counted, text, type Column, type SuiteDefinition } from '../definition'

/** How many latents or channels a probe may read. */
export const PROBE_SIZES = [1, 2, 5] as const

const accuracy = (what: string): Column => ({
  label: what,
  formula: '(true positive rate + true negative rate) / 2 on test texts; chance is ½',
  unit: 'share',
  direction: 'up',
})

const sizes = Object.fromEntries(PROBE_SIZES.map((k) => [`k${k}`, accuracy(`k = ${k}`)]))

export const sparseProbing = {
  name: 'sparse-probing',
  label: 'Sparse probing',
  summary: 'How well one, two or five latents identify a class of texts, compared with as many channels of the model.',
  source: {
    text: 'Gurnee et al. 2023; SAEBench, Karvonen et al. 2025',
    href: 'https://arxiv.org/abs/2305.01610',
  },
  caveat:
    'Balanced accuracy, averaged over one-vs-rest classes; latents are means over a text, first and sink positions left out. The k are those with the largest |mean of the class − mean of the rest| on training texts.',
  measuredOn: 'labelled texts; sinks by the median norm of the harvest',
  settings: z.strictObject({
    trainTexts: z.int().min(20).default(1500).describe('texts that probes are trained on, over all classes'),
    testTexts: z.int().min(10).default(450).describe('texts of other documents that they are tested on'),
    textTokens: z.int().min(8).default(128).describe('tokens of a text'),
    labelled: z
      .string()
      .min(1)
      .optional()
      .describe('JSONL file of {"text", "label"}; default the genres of the Brown corpus'),
    seed: z.int().default(0).describe('which texts, words, contexts and directions are drawn'),
  }),
  tables: {
    mean: {
      title: 'Mean over classes',
      columns: {
        probe: text('Probe reads', 'latents of the dictionary, or channels of the model at its hook'),
        ...sizes,
        all: accuracy('all'),
      },
    },
    classes: {
      title: 'By class',
      isDetail: true,
      columns: {
        class: text('Class'),
        train: counted('train texts', 'training texts of the class'),
        test: counted('test texts', 'test texts of the class'),
        latent: text('best latent', 'the latent with the largest difference of means on training texts'),
        ...Object.fromEntries(PROBE_SIZES.map((k) => [`k${k}`, accuracy(`latents, k = ${k}`)])),
        ...Object.fromEntries(PROBE_SIZES.map((k) => [`channels${k}`, accuracy(`channels, k = ${k}`)])),
        all: accuracy('all channels'),
      },
    },
  },
} satisfies SuiteDefinition

export type SparseProbingSettings = z.output<typeof sparseProbing.settings>
