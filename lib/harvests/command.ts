/** The command line that makes a harvest, or finds it when it exists. */
import { kebab, shellWord, typedText } from '../base/settingsText'
import type { HarvestOptions } from './schema'

/** Options whose flag has another name. */
export const FLAG_NAMES = { contextSize: 'context' } as const satisfies Partial<Record<keyof HarvestOptions, string>>

const flagOf = (option: string) =>
  option in FLAG_NAMES ? FLAG_NAMES[option as keyof typeof FLAG_NAMES] : kebab(option)

/** @param options by name; options that are absent keep their defaults */
export function harvestCommand(options: Readonly<Record<string, unknown>>): string {
  const words = Object.entries(options).flatMap(([option, value]) => {
    if (value === undefined || value === false) return []
    return [`--${flagOf(option)}`, ...(value === true ? [] : [shellWord(typedText(value))])]
  })
  return ['npx loupe harvest', ...words].join(' ')
}

/** What pages show to someone without a harvest. */
export const FIRST_HARVEST = harvestCommand({
  model: 'smollm2-135m-instruct',
  hook: 'blocks.9.hook_resid_post',
  corpus: 'sotu',
  tokens: '200k',
})
