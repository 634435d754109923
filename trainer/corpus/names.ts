/** Names of the corpora that a package ships. */
export const CORPUS_NAMES = ['sotu', 'brown'] as const
export type CorpusName = (typeof CORPUS_NAMES)[number]
