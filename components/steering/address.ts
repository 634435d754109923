/** The page's settings as its address: what differs from the defaults, readable, and checked when it is read. */
import { parseIntervention } from '../../trainer/steering/intervention'
import { DEFAULT_SAMPLING, fromIntervention, type Setup } from './setup'

/** Servers and people's chat programs cut what is longer. */
const MAX_LENGTH = 6000

export interface Address {
  /** Without `?`. */
  search: string
  /** False when edits had to be left out: such a setup can be shared as a preset. */
  complete: boolean
}

const SAMPLING_KEYS = ['temperature', 'topP', 'maxTokens', 'seed'] as const
/** Keys of the address that hold settings. */
export const SETUP_KEYS = ['model', 'prompt', 'chat', 'edits', 'off', 'sweep', ...SAMPLING_KEYS, 'stop'] as const

export function encodeSetup(setup: Setup): Address {
  const whole = queryOf(setup)
  if (whole.length <= MAX_LENGTH) return { search: whole, complete: true }
  const bare = queryOf({ ...setup, edits: [] })
  return { search: bare.length <= MAX_LENGTH ? bare : '', complete: false }
}

function queryOf({ model, prompt, chat, edits, sweep, sampling }: Setup): string {
  const query = new URLSearchParams({ model })
  if (chat) query.set('chat', JSON.stringify(chat))
  else query.set('prompt', prompt)
  if (edits.length > 0) query.set('edits', JSON.stringify(edits.map(({ edit }) => edit)))
  const off = edits.flatMap((draft, at) => (draft.off ? [at] : []))
  if (off.length > 0) query.set('off', off.join(','))
  if (sweep) query.set('sweep', sweep.join(','))
  for (const key of SAMPLING_KEYS) {
    if (sampling[key] !== DEFAULT_SAMPLING[key]) query.set(key, String(sampling[key]))
  }
  if (sampling.stop.length > 0) query.set('stop', JSON.stringify(sampling.stop))
  return query.toString()
}

/**
 * @returns undefined when the address holds no settings
 * @throws LoupeError naming what is wrong in an address that was typed or cut
 */
export function decodeSetup(query: URLSearchParams, defaultModel: string): Setup | undefined {
  if (!SETUP_KEYS.some((key) => query.has(key))) return undefined
  const sampling = Object.fromEntries(SAMPLING_KEYS.map((key) => [key, numberIn(query, key) ?? DEFAULT_SAMPLING[key]]))
  const chat = jsonIn(query, 'chat')
  const sweep = numbersIn(query, 'sweep')
  const intervention = parseIntervention(
    {
      model: query.get('model') ?? defaultModel,
      ...(chat === undefined ? { prompt: query.get('prompt') ?? '' } : { chat }),
      edits: jsonIn(query, 'edits') ?? [],
      ...(sweep && { sweep }),
      sampling: { ...sampling, stop: jsonIn(query, 'stop') ?? [] },
    },
    'the address',
  )
  return fromIntervention(intervention, numbersIn(query, 'off'))
}

function numberIn(query: URLSearchParams, key: string): number | undefined {
  const text = query.get(key)
  return text === null ? undefined : Number(text)
}

function numbersIn(query: URLSearchParams, key: string): number[] | undefined {
  return query.get(key)?.split(',').map(Number)
}

/** What is not JSON stays a text, about which the schema complains with the name of the field. */
function jsonIn(query: URLSearchParams, key: string): unknown {
  const text = query.get(key)
  if (text === null) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
