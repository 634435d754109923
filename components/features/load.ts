import { cache } from 'react'
import type { DictionaryRow } from '../../lib/dictionaries/rows'
import { featurePage } from '../../lib/features/page'
import { requireFeature } from '../../lib/features/labels'
import { webDatabase } from '../../lib/web/resources'
import { LoupeError } from '../../trainer/errors'
import { orNotFound } from '../shell/orNotFound'

/** About two lines of text. */
const WINDOW = { before: 20, after: 12 }

/** Undefined when the feature exists and has no statistics yet; a page of status 404 when it does not exist. */
export const loadFeature = cache(async (dictionary: DictionaryRow, index: number) => {
  await orNotFound(Promise.resolve().then(() => requireFeature(dictionary, index)))
  try {
    return await featurePage(webDatabase(), dictionary, index, { window: WINDOW })
  } catch (error) {
    if (error instanceof LoupeError && error.code === 'not-found') return undefined
    throw error
  }
})
