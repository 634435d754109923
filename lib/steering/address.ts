/** Writes the settings of the page "Steer" into its address: readable, and without defaults. Runs in browsers too. */
import { DEFAULT_SAMPLING, type Setup } from './setup'

/** Servers and chat programs cut longer addresses. */
const MAX_LENGTH = 6000

export interface Address {
  /** Without `?`. */
  search: string
  /** False when the edits were too long for an address: share that setup as a preset. */
  complete: boolean
}

export const SAMPLING_KEYS = ['temperature', 'topP', 'maxTokens', 'seed'] as const
/** Keys of the address that hold settings. */
export const SETUP_KEYS = ['model', 'prompt', 'chat', 'edits', 'off', 'sweep', ...SAMPLING_KEYS, 'stop'] as const

export function encodeSetup(setup: Setup): Address {
  const whole = queryOf(setup)
  if (whole.length <= MAX_LENGTH) return { search: whole, complete: true }
  const bare = queryOf({ ...setup, edits: [] })
  return { search: bare.length <= MAX_LENGTH ? bare : '', complete: false }
}

function queryOf({ model, prompt, chat, edits, strengths, sampling }: Setup): string {
  const query = new URLSearchParams({ model })
  if (chat) query.set('chat', JSON.stringify(chat))
  else query.set('prompt', prompt)
  if (edits.length > 0) query.set('edits', JSON.stringify(edits.map(({ edit }) => edit)))
  const off = edits.flatMap((draft, at) => (draft.off ? [at] : []))
  if (off.length > 0) query.set('off', off.join(','))
  if (strengths) query.set('sweep', strengths.join(','))
  for (const key of SAMPLING_KEYS) {
    if (sampling[key] !== DEFAULT_SAMPLING[key]) query.set(key, String(sampling[key]))
  }
  if (sampling.stop.length > 0) query.set('stop', JSON.stringify(sampling.stop))
  return query.toString()
}
