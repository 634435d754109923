/** From a harvest to a steered answer on the command line, with crashes on the way. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSafetensors } from '../../trainer/tensors/safetensors'
import { loupeJson, within } from '../support/loupe'
import { start } from '../support/program'
import { until } from '../support/until'
import { harvestFlags, HOOK, MODEL, setUpDatabase, trainFlags, weightsOf } from './wholeWay'

const GOLDEN = fileURLToPath(new URL('../golden', import.meta.url))

const database = setUpDatabase()
const folder = mkdtempSync(join(tmpdir(), 'loupe-cli-'))
const file = (name: string) => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true }))
beforeAll(() => loupeJson(...harvestFlags('whole')), 240_000)

describe('a model without a tokenizer', () => {
  it('is accepted, runs ids as its golden says, and takes no text', async () => {
    const tiny = join(GOLDEN, 'model', 'tiny', 'llama')
    await loupeJson('model', 'add', tiny, '--name', 'tiny')
    const io = await openSafetensors(join(tiny, 'io.safetensors'))
    const ids = await io.readIntegers('ids')
    const logits = await io.read('logits')
    await io.close()
    const [width, seq] = [logits.length / ids.length, ids.length > 32 ? ids.length / 2 : ids.length]
    const last = logits.subarray((seq - 1) * width, seq * width)
    const { top } = await loupeJson<{ top: { id: number; logit: number; token: null }[] }>(
      ...['logits', '--model', 'tiny', '--ids', ids.subarray(0, seq).join(','), '--top', '3'],
    )
    for (const { id, logit, token } of top) {
      expect(logit).toBeCloseTo(last[id]!, 3)
      expect(token).toBeNull()
    }
    const { code, stderr } = await within('generate', '--model', 'tiny', '--prompt', 'a')
    expect([code, stderr]).toEqual([1, expect.stringContaining('has no tokenizer')])
  })
})

describe('a dictionary', () => {
  it('refuses k over d_sae before anything is stored', async () => {
    const { code, stderr } = await within(
      'train',
      '--harvest',
      'whole',
      '--d-sae',
      '64',
      '--k',
      '65',
      '--tokens',
      '10k',
    )
    expect([code, stderr]).toEqual([2, expect.stringContaining('--k: k cannot exceed d_sae')])
    expect(await database.current.prisma.run.count()).toBe(0)
  })

  it('trains, and makes the same dictionary byte for byte after SIGKILL and --resume', async () => {
    await loupeJson(...trainFlags('undisturbed'))
    const { child, done } = start(trainFlags('disturbed'), { LOUPE_CHECKPOINT_SECONDS: '0.2' })
    await until(
      async () => (await database.current.prisma.checkpoint.count({ where: { run: { name: 'disturbed' } } })) > 0,
    )
    child.kill('SIGKILL')
    await done
    expect(await database.current.prisma.dictionary.count({ where: { name: 'disturbed' } })).toBe(0)
    const without = await within(...trainFlags('disturbed'))
    expect([without.code, without.stderr]).toEqual([1, expect.stringContaining('--resume')])
    const changed = await within(...trainFlags('disturbed'), '--resume', '--learning-rate', '0.5')
    expect([changed.code, changed.stderr]).toEqual([1, expect.stringMatching(/learningRate: .* there, 0.5 here/)])
    await loupeJson(...trainFlags('disturbed'), '--resume')
    expect(await weightsOf(database.current, 'disturbed')).toBe(await weightsOf(database.current, 'undisturbed'))
  })

  it('is interrupted with exit code 130, and goes on from there', async () => {
    const { child, done } = start(trainFlags('interrupted'))
    await until(
      async () => (await database.current.prisma.run.count({ where: { name: 'interrupted', step: { gt: 0 } } })) > 0,
    )
    child.kill('SIGINT')
    expect((await done).code).toBe(130)
    await loupeJson(...trainFlags('interrupted'), '--resume')
    expect(await weightsOf(database.current, 'interrupted')).toBe(await weightsOf(database.current, 'undisturbed'))
  })

  it('evaluates, counts every feature and does not count half of them when killed', async () => {
    const { metrics } = await loupeJson<{ metrics: { heldOut: { explainedVariance: number; l0: number } } }>(
      ...['evaluate', '--dictionary', 'undisturbed', '--tokens', '256'],
    )
    expect(metrics.heldOut.l0).toBeCloseTo(8, 1)
    expect(metrics.heldOut.explainedVariance).toBeGreaterThan(0.2)
    const { child, done } = start(['dashboards', '--dictionary', 'undisturbed'])
    await until(async () => (await database.current.prisma.featureSet.count()) > 0)
    child.kill('SIGKILL')
    await done
    const counted = await loupeJson<{ features: number; live: number }>('dashboards', '--dictionary', 'undisturbed')
    expect(counted.features).toBe(256)
    const { rows } = await database.current.pool.query<{ features: number }>(
      'SELECT count(*)::int AS features FROM feature',
    )
    expect(rows[0]!.features).toBe(256)
  })

  it('steers: strength 0 changes nothing, a strong feature changes the answer', async () => {
    const preset = (strength: number) => ({
      model: MODEL,
      prompt: 'The war',
      edits: [{ dictionary: 'undisturbed', feature: 3, mode: 'add', strength, positions: 'all' }],
      sampling: { temperature: 0.8, maxTokens: 8, seed: 5 },
    })
    const answer = async (strength: number) => {
      writeFileSync(file('preset.json'), JSON.stringify(preset(strength)))
      return loupeJson<Record<'default' | 'steered', { text: string; ids: number[] }>>(
        'steer',
        '--preset',
        file('preset.json'),
      )
    }
    const still = await answer(0)
    expect(still.steered).toEqual(still.default)
    expect((await answer(1000)).steered.ids).not.toEqual(still.default.ids)
    writeFileSync(file('typo.json'), JSON.stringify({ ...preset(1), sampling: { temprature: 1 } }))
    const { code, stderr } = await within('steer', '--preset', file('typo.json'))
    expect([code, stderr]).toEqual([1, expect.stringContaining('temperature')])
  })

  it('exports to SAELens, imports again, and encodes to equal codes', async () => {
    const out = file('saelens')
    await loupeJson('export', '--dictionary', 'undisturbed', '--format', 'saelens', '--out', out)
    expect(existsSync(join(out, 'sparsity.safetensors'))).toBe(true)
    await loupeJson('import', '--format', 'saelens', out, '--name', 'back', '--model', MODEL, '--hook', HOOK)
    const rows = (name: string) =>
      loupeJson<{ rows: unknown }>('encode', '--dictionary', name, '--text', 'Peace with all nations')
    expect((await rows('back')).rows).toEqual((await rows('undisturbed')).rows)
    const golden = join(GOLDEN, 'formats', 'saelens', 'standard_hook_z')
    await loupeJson('import', '--format', 'saelens', golden, '--name', 'heads')
    const written = file('codes.safetensors')
    await loupeJson('encode', '--dictionary', 'heads', '--input', join(golden, 'io.safetensors'), '--out', written)
    const [found, expected] = [await openSafetensors(written), await openSafetensors(join(golden, 'io.safetensors'))]
    const [acts, wanted] = [await found.read('acts'), await expected.read('acts')]
    expect(Math.max(...acts.map((value, i) => Math.abs(value - wanted[i]!)))).toBeLessThan(1e-5)
    await Promise.all([found.close(), expected.close()])
  })

  it('ties an imported dictionary only to hooks that it fits', async () => {
    const hooked = async (golden: string, hook: string, targetHook: string) => {
      const tie = ['--name', 'misfit', '--model', 'tiny', '--hook', hook, '--target-hook', targetHook]
      const { code, stderr } = await within('import', join(GOLDEN, 'formats', 'saelens', golden), ...tie)
      expect(code).toBe(1)
      return stderr
    }
    const [keys, values] = ['blocks.1.attn.hook_k', 'blocks.1.attn.hook_v']
    expect(await hooked('transcoder', 'blocks.1.hook_mlp_out', keys)).toContain('reads 16 values')
    expect(await hooked('transcoder', keys, values)).toContain(`writes 12 values, ${values} of tiny has 16`)
    expect(await hooked('transcoder', values, keys)).toContain('is not computed after')
    expect(await hooked('topk', keys, values)).toContain('is not a transcoder')
    expect(await database.current.prisma.dictionary.count({ where: { name: 'misfit' } })).toBe(0)
  })
})
