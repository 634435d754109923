/** First-letter absorption, described. */
import { z } from 'zod'
import { counted, text, type Column, type SuiteDefinition } from '../definition'

const fraction: Column = {
  label: 'absorption fraction',
  formula:
    '0 where main ≥ act or top3 / act < 0.4; 1 where main ≤ 0; else ab / (ab + main), ab = min(top3, act − main); main, top3: what the main latents and the three largest others with cos(p, d) ≥ 0.1 add along the probe p, act = x · p',
  unit: 'share',
  direction: 'down',
}
const full: Column = {
  label: 'full absorption',
  formula:
    'share of words on which every main latent is silent and the latent with the largest projection has cos(p, d) ≥ 0.025 and at least 0.4 of act',
  unit: 'share',
  direction: 'down',
}
const split: Column = {
  label: 'main latents',
  formula:
    'the smallest number of latents whose probe gains less than 0.03 of F1 on the held-out words from one more; above 1, the letter is split',
  unit: 'latents',
  direction: 'down',
}
const probe: Column = {
  label: 'probe F1',
  formula: 'of the logistic probe on the activation itself, on held-out words',
  unit: 'share',
  direction: 'none',
}

export const absorption = {
  name: 'absorption',
  label: 'First-letter absorption',
  summary:
    'How often the latents of a first letter stay silent on words with this letter because other latents have absorbed it.',
  source: { text: 'Chanin et al. 2024; SAEBench, Karvonen et al. 2025', href: 'https://arxiv.org/abs/2409.14507' },
  caveat:
    'Meaningful for dictionaries of 16k latents and more, and models of 1B parameters and more; low for under-trained dictionaries. Letters whose probe does not reach probeF1 are left out.',
  measuredOn: 'words of the vocabulary; sinks by the median norm of the harvest',
  needsOwnHook: 'its decoder writes at another hook than the probes read',
  settings: z.strictObject({
    words: z
      .int()
      .min(200)
      .default(6000)
      .describe('number of one-token words, over all letters; a fifth of them is held out'),
    probeF1: z.number().min(0).max(1).default(0.6).describe('F1 a letter’s probe must reach for the letter to count'),
    seed: z.int().default(0).describe('which texts, words, contexts and directions are drawn'),
  }),
  tables: {
    mean: {
      title: 'Mean over letters',
      columns: {
        letters: counted('letters', 'letters whose probe reaches probeF1'),
        words: counted('words', 'held-out words of these letters that their probes find'),
        fraction,
        full,
        split,
        probe,
      },
    },
    letters: {
      title: 'By letter',
      isDetail: true,
      columns: {
        letter: text('Letter'),
        words: counted('words', 'held-out words that the probe finds'),
        fraction,
        fullWords: counted('fully absorbed', 'words of full absorption'),
        full,
        split,
        latents: text('main latents', 'by their number'),
        probe,
      },
    },
  },
} satisfies SuiteDefinition

export type AbsorptionSettings = z.output<typeof absorption.settings>
