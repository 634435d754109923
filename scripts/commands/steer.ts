/** Command `steer`: generates the answers of a preset file. */
import { readFile } from 'node:fs/promises'
import pc from 'picocolors'
import { z } from 'zod'
import { steer as steerModel } from '../../lib/steering/resolve'
import { LoupeError } from '../../trainer/errors'
import { parseIntervention, type Intervention } from '../../trainer/steering/intervention'
import { defineCommand } from '../cli/command'
import { openModel } from '../cli/models'

export const steer = defineCommand({
  options: z.strictObject({
    preset: z
      .string()
      .describe('a JSON file: { model, prompt, edits: [{ dictionary, feature, mode, strength }], sweep, sampling }'),
    prompt: z.string().optional().describe('replaces the prompt or the chat of the file'),
  }),
  async run({ options }, context) {
    const intervention = await readPreset(options.preset, options.prompt)
    const opened = await openModel(context, intervention.model)
    const { answers } = await steerModel(await context.database(), opened, intervention, context.signal)
    return Object.fromEntries(answers.map(({ branch, text, ids, finish }) => [branch, { text, ids, finish }]))
  },
  render(answers) {
    const width = Math.max(...Object.keys(answers).map((branch) => branch.length))
    const lines = Object.entries(answers).map(([branch, { text }]) => `${pc.dim(branch.padEnd(width))} ${text}`)
    return lines.join('\n')
  },
})

async function readPreset(path: string, prompt: string | undefined): Promise<Intervention> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new LoupeError('not-found', `cannot read the preset ${path}`, { cause })
  })
  let preset: unknown
  try {
    preset = JSON.parse(text)
  } catch (cause) {
    throw new LoupeError('bad-input', `the preset ${path} is not JSON: ${(cause as Error).message}`, { cause })
  }
  return parseIntervention(prompt === undefined ? preset : withPrompt(preset, prompt), path)
}

/** The prompt takes the place of a chat, too. A preset that is not an object is left for the schema to refuse. */
function withPrompt(preset: unknown, prompt: string): unknown {
  if (typeof preset !== 'object' || preset === null || Array.isArray(preset)) return preset
  const rest = Object.fromEntries(Object.entries(preset).filter(([key]) => key !== 'chat'))
  return { ...rest, prompt }
}
