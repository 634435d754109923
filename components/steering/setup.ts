/** What the page is set to: an intervention on its way, with edits that may be switched off. */
import type { Edit, FeatureEdit, Intervention, Sampling } from '../../trainer/steering/intervention'

export interface EditDraft {
  /** Tells drafts apart while they are on the page. */
  key: number
  off: boolean
  edit: Edit
}

export type ChatMessage = NonNullable<Intervention['chat']>[number]

export interface Setup {
  model: string
  /** The text to continue, kept while a chat is edited. */
  prompt: string
  /** Null for a plain prompt. */
  chat: ChatMessage[] | null
  edits: EditDraft[]
  /** Factors of a strength sweep; null for one steered answer. */
  sweep: number[] | null
  sampling: Sampling
}

export const DEFAULT_SAMPLING: Sampling = { temperature: 0.7, topP: 1, maxTokens: 60, seed: 1, stop: [] }
export const DEFAULT_SWEEP = [0.5, 1, 2, 4]
/** What the page shows about each token. */
const DETAILS: Intervention['details'] = { alternatives: 5, kl: true }

/** Texts a newcomer may continue: neutral, so that what is steered shows. */
export const EXAMPLE_PROMPTS = [
  'My favourite thing about the weekend is',
  'The scientist opened the door and saw',
  'Once upon a time, in a small village,',
  'Here is what I think about the future:',
]

export function emptySetup(model: string): Setup {
  return { model, prompt: EXAMPLE_PROMPTS[0]!, chat: null, edits: [], sweep: null, sampling: DEFAULT_SAMPLING }
}

/** With every default written out; edits that are off are left out. */
export function toIntervention({ model, prompt, chat, edits, sweep, sampling }: Setup): Intervention {
  return {
    model,
    ...(chat ? { chat } : { prompt }),
    edits: edits.filter(({ off }) => !off).map(({ edit }) => edit),
    ...(sweep && { sweep }),
    sampling,
    details: DETAILS,
  }
}

/** @param off places of edits that are switched off */
export function fromIntervention(intervention: Intervention, off: readonly number[] = []): Setup {
  const { model, prompt, chat, edits, sweep, sampling } = intervention
  return {
    model,
    prompt: prompt ?? '',
    chat: chat ?? null,
    edits: edits.map((edit, at) => ({ key: at, off: off.includes(at), edit })),
    sweep: sweep ?? null,
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
