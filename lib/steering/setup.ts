/** The settings of the page "Steer": an intervention in the making. Runs in browsers too, so it imports types only. */
import type { Edit, FeatureEdit, Intervention, Sampling } from '../../trainer/steering/intervention'
import type { FeatureFigures } from '../features/schema'

export interface EditDraft {
  /** Identifies the draft while it is on the page. */
  key: number
  off: boolean
  edit: Edit
}

export type ChatMessage = NonNullable<Intervention['chat']>[number]

export interface Setup {
  model: string
  /** The text to continue; it is kept while the page edits a chat. */
  prompt: string
  /** Null for a plain prompt. */
  chat: ChatMessage[] | null
  edits: EditDraft[]
  /** Factors on the strength of every edit, one steered answer for each; null for one steered answer. */
  strengths: number[] | null
  sampling: Sampling
}

/** Figures of a feature with the name of its dictionary. */
export type KnownFigures = FeatureFigures & { dictionary: string }

export const DEFAULT_SAMPLING: Sampling = { temperature: 0.7, topP: 1, maxTokens: 60, seed: 1, stop: [] }
export const DEFAULT_STRENGTHS = [0.5, 1, 2, 4]
/** What the page shows about each token. */
const DETAILS: Intervention['details'] = { alternatives: 5, kl: true }

/** Prompts for a newcomer: neutral, so that the effect of steering is visible. */
export const EXAMPLE_PROMPTS = [
  'My favourite thing about the weekend is',
  'The scientist opened the door and saw',
  'Long ago, in a small village,',
  'Here is what I think about the future:',
]

export function emptySetup(model: string): Setup {
  return { model, prompt: EXAMPLE_PROMPTS[0]!, chat: null, edits: [], strengths: null, sampling: DEFAULT_SAMPLING }
}

/** Every default is written out; edits that are off are left out. */
export function toIntervention({ model, prompt, chat, edits, strengths, sampling }: Setup): Intervention {
  return {
    model,
    ...(chat ? { chat } : { prompt }),
    edits: edits.filter(({ off }) => !off).map(({ edit }) => edit),
    ...(strengths && { sweep: strengths }),
    sampling,
    details: DETAILS,
  }
}

/** @param off indices of the edits that are switched off */
export function fromIntervention(intervention: Intervention, off: readonly number[] = []): Setup {
  const { model, prompt, chat, edits, sweep: strengths, sampling } = intervention
  return {
    model,
    prompt: prompt ?? '',
    chat: chat ?? null,
    edits: edits.map((edit, at) => ({ key: at, off: off.includes(at), edit })),
    strengths: strengths ?? null,
    sampling,
  }
}

export function withEdit(setup: Setup, edit: Edit): Setup {
  const key = Math.max(-1, ...setup.edits.map((draft) => draft.key)) + 1
  return { ...setup, edits: [...setup.edits, { key, off: false, edit }] }
}

export function isFeatureEdit(edit: Edit): edit is FeatureEdit {
  return 'feature' in edit
}

/** Significant digits of a strength, so that a copied one is readable. */
export const STRENGTH_DIGITS = 6

/**
 * The strength of a new edit: 1 × the feature's usual maximum, or the factor 2 for `scale`.
 * @param maximum without statistics undefined: the strength is then 10, about the usual size of activations
 */
export function initialStrength(mode: FeatureEdit['mode'], maximum: number | undefined): number {
  if (mode === 'scale') return 2
  return maximum ? Number(maximum.toPrecision(STRENGTH_DIGITS)) : 10
}
