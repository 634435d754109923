import { readFile } from 'node:fs/promises'
import pc from 'picocolors'
import { z } from 'zod'
import { steer as steerModel } from '../../lib/steering/resolve'
import { LoupeError } from '../../trainer/errors'
import { defineCommand } from '../cli/command'
import { openModel } from '../cli/models'

export const steer = defineCommand({
  options: z.strictObject({
    preset: z
      .string()
      .describe('a JSON file: { model, prompt, edits: [{ dictionary, feature, mode, strength }], sweep, sampling }'),
    prompt: z.string().optional().describe('takes the place of the prompt in the file'),
  }),
  async run({ options }, context) {
    const preset = await readPreset(options.preset)
    const model = preset['model']
    if (typeof model !== 'string') throw new LoupeError('bad-input', `${options.preset}: "model" names no model`)
    const given = options.prompt === undefined ? preset : withPrompt(preset, options.prompt)
    const opened = await openModel(context, model)
    const { answers } = await steerModel(await context.database(), opened, given, options.preset, context.signal)
    return Object.fromEntries(answers.map(({ branch, text, ids, finish }) => [branch, { text, ids, finish }]))
  },
  render(answers) {
    const width = Math.max(...Object.keys(answers).map((branch) => branch.length))
    const lines = Object.entries(answers).map(([branch, { text }]) => `${pc.dim(branch.padEnd(width))} ${text}`)
    return lines.join('\n')
  },
})

async function readPreset(path: string): Promise<Record<string, unknown>> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new LoupeError('not-found', `the preset ${path} cannot be read`, { cause })
  })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new LoupeError('bad-input', `the preset ${path} is not JSON: ${(cause as Error).message}`, { cause })
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new LoupeError('bad-input', `the preset ${path} is no JSON object`)
}

function withPrompt(preset: Record<string, unknown>, prompt: string): Record<string, unknown> {
  const rest = Object.fromEntries(Object.entries(preset).filter(([key]) => key !== 'chat'))
  return { ...rest, prompt }
}
