import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LoupeError } from '../../errors'
import { loadBackend } from '../../tensors/backend'
import { createRandom, type Random } from '../../tensors/random'
import { checkResumable, decodeCheckpoint } from './checkpoint'
import { trainAll } from './exactResume.testing'
import { tinyConfig } from './tiny.testing'
import { architectureNames } from '../architectures'

const CHILD = fileURLToPath(new URL('exactResume.testing.ts', import.meta.url))
const KILLS = 2
const folders: string[] = []

beforeAll(async () => {
  await loadBackend('tensorflow')
})
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'loupe-resume-'))
  folders.push(folder)
  return folder
}

/** @param lines after which it is killed, a moment later; null: never. @returns whether it finished */
async function runChild(engine: string, folder: string, lines: number | null, random: Random): Promise<boolean> {
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, engine, folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit')
  const errors: string[] = []
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()))
  let seen = 0
  for await (const line of createInterface(child.stdout)) {
    if (line !== 'checkpoint' || ++seen !== lines) continue
    await sleep(4 * random.next())
    child.kill('SIGKILL')
  }
  const [code, signal] = (await ended) as [number | null, string | null]
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(errors.join(''))
  return code === 0
}

describe.each(['reference', 'tensorflow'] as const)('a run on the %s engine', (engine) => {
  it('killed at any moment ends like an undisturbed run, byte for byte, whatever the architecture', async () => {
    const seed = String(Date.now())
    const random = createRandom(seed)
    const [whole, killed] = [newFolder(), newFolder()]
    let checkpoints = 0
    await trainAll(engine, whole, () => void checkpoints++)
    for (let kill = 0; kill < KILLS; kill++) {
      // Together they stay below the number of checkpoints, so that every kill interrupts something.
      const lines = 1 + random.int(Math.floor(checkpoints / (KILLS + 1)))
      expect(await runChild(engine, killed, lines, random), `seed ${seed}`).toBe(false)
    }
    expect(await runChild(engine, killed, null, random)).toBe(true)
    for (const name of architectureNames()) {
      const bytesOf = (folder: string) => readFileSync(join(folder, `${name}.weights`))
      expect(bytesOf(killed).equals(bytesOf(whole)), `${name}, seed ${seed}`).toBe(true)
    }
    refusesOthers(whole)
  }, 300_000)
})

/** A checkpoint continues only under its own settings: changed ones are refused, each with its name and both values. */
function refusesOthers(folder: string): void {
  for (const name of architectureNames()) {
    const stored = decodeCheckpoint(readFileSync(join(folder, `${name}.checkpoint`)))
    const config: Record<string, unknown> = { ...tinyConfig(name) }
    expect(() => checkResumable(stored, config, stored.engine)).not.toThrow()
    for (const key of Object.keys(config)) {
      const refused = () => checkResumable(stored, { ...config, [key]: 'other' }, stored.engine)
      expect(refused, `${name} ${key}`).toThrow(LoupeError)
      expect(refused).toThrow(`${key}: stored ${JSON.stringify(config[key])}, given "other"`)
    }
  }
}
