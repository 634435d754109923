/** The command line from outside: usage, errors, and the whole way from a model to a steered answer, with crashes. */
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../lib/base/config'
import { openDatabase, type Database } from '../lib/db/client'
import { openSafetensors } from '../trainer/tensors/safetensors'
import { harvestDigest } from '../trainer/store/shards'
import { loupe, loupeJson, start, within } from './support/loupe'
import { until } from './support/until'

const GOLDEN = fileURLToPath(new URL('golden', import.meta.url))
const MODEL = 'smollm2-135m-instruct'
const HOOK = 'blocks.1.hook_resid_post'

let database: Database
const folder = mkdtempSync(join(tmpdir(), 'loupe-cli-'))
const file = (name: string) => join(folder, name)

beforeAll(async () => {
  database = await openDatabase()
})
afterAll(async () => {
  await database[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

const digestOf = async (name: string) => {
  const { id } = await database.prisma.harvest.findUniqueOrThrow({ where: { name } })
  return harvestDigest(database.pool, id)
}

const weightsOf = async (name: string) => {
  const { weights } = await database.prisma.dictionary.findUniqueOrThrow({
    where: { name },
    include: { weights: true },
  })
  return Buffer.from(weights.sha256).toString('hex')
}

const harvestFlags = (name: string, tokens = 12_000) => [
  'harvest',
  '--model',
  MODEL,
  '--hook',
  HOOK,
  '--tokens',
  String(tokens),
  '--name',
  name,
]
const trainFlags = (name: string) => [
  'train',
  '--harvest',
  'whole',
  '--d-sae',
  '256',
  '--k',
  '8',
  '--tokens',
  '200k',
  '--name',
  name,
  '--batch-size',
  '1024',
]

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
    [['model', 'help', 'add'], 0, /where it is; by name: smollm2/],
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
    const path = file('short.gguf')
    const { files } = await database.prisma.model.findUniqueOrThrow({ where: { name: MODEL } })
    writeFileSync(path, readFileSync((files as { path: string }).path))
    truncateSync(path, 50_000_000)
    const { code, stderr } = await within('model', 'add', path)
    expect(code).toBe(1)
    expect(stderr).toMatch(/short\.gguf/)
    expect(stderr).not.toMatch(/unexpected/)
    expect(await database.prisma.model.count({ where: { name: 'short' } })).toBe(0)
  })
})

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

describe('the whole way', () => {
  it('harvests once, and finds it again', async () => {
    const first = await loupeJson<{ tokens: number; shards: number }>(...harvestFlags('whole'))
    expect(first.tokens).toBeGreaterThanOrEqual(12_000)
    const again = await loupeJson<{ tokens: number }>(...harvestFlags('whole'))
    expect(again.tokens).toBe(first.tokens)
    const { id } = await database.prisma.harvest.findUniqueOrThrow({ where: { name: 'whole' } })
    expect(await database.prisma.job.count({ where: { spec: { equals: { harvest: id } } } })).toBe(1)
  })

  it('refuses the same name for a harvest of other things, naming both sides', async () => {
    const { code, stderr } = await within(...harvestFlags('whole', 4000))
    expect(code).toBe(1)
    expect(stderr).toMatch(/tokens is 12000 there and 4000 here/)
  })

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
    expect(await database.prisma.run.count()).toBe(0)
  })

  it('answers the queries of docs/store.md', async () => {
    const [, locate = ''] =
      /```sql\n([\s\S]*?)```/.exec(readFileSync(join(projectRoot, 'docs', 'store.md'), 'utf8')) ?? []
    const { rows } = await database.pool.query<{
      shard: number
      shard_row: number
      token: number
      activation: number[]
    }>(locate.replace("'sotu'", "'whole'"))
    const { contextsPerShard, contextSize } = await database.prisma.harvest.findUniqueOrThrow({
      where: { name: 'whole' },
    })
    const { shard, shard_row, token, activation } = rows[0]!
    expect([shard, shard_row]).toEqual([Math.floor(3 / contextsPerShard), (3 % contextsPerShard) * contextSize + 17])
    expect(token).toBeGreaterThanOrEqual(0)
    expect(activation).toHaveLength(576)
  })

  it('leaves the same bytes after SIGKILL in mid-harvest, by another process', async () => {
    const { child, done } = start(harvestFlags('killed'))
    await until(async () => {
      const { rows } = await database.pool.query<{ stored: number }>(
        `SELECT count(*)::int AS stored FROM activation_shard a JOIN harvest h ON h.id = a.harvest_id WHERE h.name = 'killed'`,
      )
      return rows[0]!.stored > 0
    })
    child.kill('SIGKILL')
    await done
    await loupeJson(...harvestFlags('killed'))
    expect(await digestOf('killed')).toBe(await digestOf('whole'))
  })

  it('leaves the same bytes when two workers share a harvest and one is killed', async () => {
    const workers = [start(['worker']), start(['worker'])]
    const { done } = start(harvestFlags('shared'))
    await until(async () => (await database.prisma.jobPart.count({ where: { status: 'running' } })) > 0)
    workers[0]!.child.kill('SIGKILL')
    expect((await done).code).toBe(0)
    workers[1]!.child.kill('SIGINT')
    expect((await workers[1]!.done).code).toBe(0)
    expect(await digestOf('shared')).toBe(await digestOf('whole'))
  })

  it('trains, and makes the same dictionary byte for byte after SIGKILL and --resume', async () => {
    await loupeJson(...trainFlags('undisturbed'))
    const { child, done } = start(trainFlags('disturbed'), { LOUPE_CHECKPOINT_SECONDS: '0.2' })
    await until(async () => (await database.prisma.checkpoint.count({ where: { run: { name: 'disturbed' } } })) > 0)
    child.kill('SIGKILL')
    await done
    expect(await database.prisma.dictionary.count({ where: { name: 'disturbed' } })).toBe(0)
    const without = await within(...trainFlags('disturbed'))
    expect([without.code, without.stderr]).toEqual([1, expect.stringContaining('--resume')])
    const changed = await within(...trainFlags('disturbed'), '--resume', '--learning-rate', '0.5')
    expect([changed.code, changed.stderr]).toEqual([1, expect.stringMatching(/learningRate: .* there, 0.5 here/)])
    await loupeJson(...trainFlags('disturbed'), '--resume')
    expect(await weightsOf('disturbed')).toBe(await weightsOf('undisturbed'))
  })

  it('is interrupted with exit code 130, and goes on from there', async () => {
    const { child, done } = start(trainFlags('interrupted'))
    await until(async () => (await database.prisma.run.count({ where: { name: 'interrupted', step: { gt: 0 } } })) > 0)
    child.kill('SIGINT')
    expect((await done).code).toBe(130)
    await loupeJson(...trainFlags('interrupted'), '--resume')
    expect(await weightsOf('interrupted')).toBe(await weightsOf('undisturbed'))
  })

  it('evaluates, counts every feature and does not count half of them when killed', async () => {
    const { metrics } = await loupeJson<{ metrics: { heldOut: { explainedVariance: number; l0: number } } }>(
      ...['evaluate', '--dictionary', 'undisturbed', '--tokens', '256'],
    )
    expect(metrics.heldOut.l0).toBeCloseTo(8, 1)
    expect(metrics.heldOut.explainedVariance).toBeGreaterThan(0.2)
    const { child, done } = start(['dashboards', '--dictionary', 'undisturbed'])
    await until(async () => (await database.prisma.featureSet.count()) > 0)
    child.kill('SIGKILL')
    await done
    const counted = await loupeJson<{ features: number; live: number }>('dashboards', '--dictionary', 'undisturbed')
    expect(counted.features).toBe(256)
    const { rows } = await database.pool.query<{ features: number }>('SELECT count(*)::int AS features FROM feature')
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
    expect(await hooked('topk', keys, values)).toContain('is no transcoder')
    expect(await database.prisma.dictionary.count({ where: { name: 'misfit' } })).toBe(0)
  })
})
