/** Reads the settings of the page "Steer" from its address, and checks them. */
import { parseIntervention } from '../../trainer/steering/intervention'
import { SAMPLING_KEYS, SETUP_KEYS } from './address'
import { DEFAULT_SAMPLING, fromIntervention, type Setup } from './setup'

/**
 * @returns undefined when the address holds no settings
 * @throws LoupeError naming what is wrong in an address that was typed or cut
 */
export function decodeSetup(query: URLSearchParams, defaultModel: string): Setup | undefined {
  if (!SETUP_KEYS.some((key) => query.has(key))) return undefined
  const sampling = Object.fromEntries(SAMPLING_KEYS.map((key) => [key, numberIn(query, key) ?? DEFAULT_SAMPLING[key]]))
  const chat = jsonIn(query, 'chat')
  const strengths = numbersIn(query, 'sweep')
  const intervention = parseIntervention(
    {
      model: query.get('model') ?? defaultModel,
      ...(chat === undefined ? { prompt: query.get('prompt') ?? '' } : { chat }),
      edits: jsonIn(query, 'edits') ?? [],
      ...(strengths && { sweep: strengths }),
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

/** Text that is not JSON stays text; the schema then refuses it with the name of the field. */
function jsonIn(query: URLSearchParams, key: string): unknown {
  const text = query.get(key)
  if (text === null) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
