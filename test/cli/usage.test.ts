/** The command line from outside: usage and errors. */
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loupeJson, within } from '../support/loupe'
import { loupe, start } from '../support/program'
import { HOOK, MODEL, setUpDatabase } from './wholeWay'

const database = setUpDatabase()
const folder = mkdtempSync(join(tmpdir(), 'loupe-cli-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('usage', () => {
  it('prints help made from the schemas', async () => {
    const { code, stdout } = await within('train', '--help')
    expect(code).toBe(0)
    expect(stdout).toMatch(/--d-sae <n>\s+Number of latents/)
    expect(stdout).toMatch(/--resume/)
  })

  it('loads no command to list them all', async () => {
    const { done } = start(['--help'], { NODE_DEBUG: 'esm' })
    const { code, stdout, stderr } = await done
    expect(code).toBe(0)
    expect(stdout).toMatch(/train \[options\]\s+train a dictionary/)
    expect(stderr).toMatch(/scripts\/commands\/index\.ts/)
    expect(stderr).not.toMatch(/scripts\/commands\/train\.ts|\/lib\/jobs\/|\/tfjs-core\//)
  })

  it.each([
    [['help', 'train'], 0, /--d-sae <n>/],
    [['model', 'help', 'add'], 0, /or a known name:\s+smollm2/],
    [['model'], 2, /show \[options\] <model>/],
  ])('helps with %j', async (args, expected, message) => {
    const { code, stdout, stderr } = await within(...args)
    expect([code, stdout + stderr]).toEqual([expected, expect.stringMatching(message)])
  })

  it.each([
    [['trian'], /Did you mean train/],
    [['train', '--harvets', 'x'], /Did you mean --harvest/],
    [['train', '--harvest'], /argument missing/],
    [['harvest', '--model', MODEL, '--hook', HOOK, '--tokens', 'many'], /--tokens: .*"many"/],
    [['harvest', '--model', MODEL, '--hook', HOOK, '--dtype', 'f64'], /--dtype/],
    [['logits', '--model', MODEL, '--backend', 'tensorflo', '--text', 'x'], /no backend "tensorflo"/],
  ])('refuses %j with exit code 2', async (args, message) => {
    const { code, stderr } = await within(...args)
    expect(stderr).toMatch(message)
    expect(code).toBe(2)
  })

  it('prints exactly one JSON object, for an error too', async () => {
    const finished = await loupe(
      'train',
      '--harvest',
      'nowhere',
      '--d-sae',
      '64',
      '--k',
      '4',
      '--tokens',
      '1k',
      '--json',
    )
    expect(finished.code).toBe(1)
    expect(finished.json<{ error: object }>().error).toMatchObject({ code: 'not-found', message: /"nowhere"/ as never })
  })

  it('checks the machine', async () => {
    const { checks } = await loupeJson<{ checks: { name: string; status: string }[] }>('doctor')
    expect(checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Node', 'pip', 'compiler', 'TensorFlow', 'database']),
    )
    expect(checks.filter(({ status }) => status === 'fail')).toEqual([])
  })
})

describe('bad input', () => {
  it('names the nearest known model, hook and dictionary', async () => {
    const model = await within('logits', '--model', 'smollm2-135m-instrct', '--text', 'a')
    expect([model.code, model.stderr]).toEqual([1, expect.stringContaining(`did you mean "${MODEL}"`)])
    const hook = await within('harvest', '--model', MODEL, '--hook', 'blocks.1.hook_resid_pots', '--tokens', '1k')
    expect([hook.code, hook.stderr]).toEqual([1, expect.stringContaining('did you mean "blocks.1.hook_resid_pos')])
  })

  it('refuses a truncated model and a tokenizer of another one', async () => {
    const path = join(folder, 'short.gguf')
    const { files } = await database.current.prisma.model.findUniqueOrThrow({ where: { name: MODEL } })
    writeFileSync(path, readFileSync((files as { path: string }).path))
    truncateSync(path, 50_000_000)
    const { code, stderr } = await within('model', 'add', path)
    expect(code).toBe(1)
    expect(stderr).toMatch(/short\.gguf/)
    expect(stderr).not.toMatch(/unexpected/)
    expect(await database.current.prisma.model.count({ where: { name: 'short' } })).toBe(0)
  })
})
