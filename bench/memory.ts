/**
 * Compares the peak memory of a few steps and a checkpoint with the plan, in a new process for each architecture:
 * `npx tsx bench/memory.ts [--architectures topk,relu] [--d-in 256] [--d-sae 4096] [--batch 4096] [--k 32]`.
 *
 * The memory of a process that has loaded its backend and trained a tiny dictionary is subtracted.
 */
import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { formatTable } from '../scripts/cli/table'
import { silentStage } from '../trainer/progress'
import { createEngine } from '../trainer/sae/engines'
import { runMemory } from '../trainer/sae/training/runMemory'
import { architectureNamed, architectureNames, configFrom } from '../trainer/sae/architectures'
import { train, type Batch } from '../trainer/sae/training/train'
import { loadBackend } from '../trainer/tensors/backend'
import { createRandom } from '../trainer/tensors/random'

const STEPS = 4

const { values: flags } = parseArgs({
  options: {
    architectures: { type: 'string', default: architectureNames().join() },
    'd-in': { type: 'string', default: '256' },
    'd-sae': { type: 'string', default: '4096' },
    batch: { type: 'string', default: '4096' },
    k: { type: 'string', default: '32' },
    child: { type: 'string' },
  },
})

/** Peak of the process so far, in bytes. */
const peak = () => process.resourceUsage().maxRSS * 1024

async function trainOnce(architecture: string, sizes: Record<string, number>): Promise<void> {
  const config = configFrom(architecture, sizes)
  const { needs = [] } = architectureNamed(architecture)
  const engine = createEngine('auto')
  const random = createRandom('memory')
  const rows = () => Float32Array.from({ length: config.batchSize * config.d_in }, () => random.normal())
  function* batches(row: number): Generator<Batch> {
    for (; ; row += config.batchSize) {
      const target = needs.includes('target') && { target: rows() }
      yield { x: rows(), row, ...target, ...(needs.includes('gradient') && { gradient: rows() }) }
    }
  }
  const { checkpoint } = await train({ config, engine, batches, stage: silentStage() })
  await checkpoint()
  engine.dispose()
}

const [d_in, d_sae] = [Number(flags['d-in']), Number(flags['d-sae'])]
const sizes = { d_in, d_sae, batchSize: Number(flags.batch), k: Number(flags.k) }

if (flags.child !== undefined) {
  await loadBackend()
  await trainOnce(flags.child, { d_in: 16, d_out: 16, d_sae: 64, k: 4, batchSize: 64, tokens: 128 })
  const before = peak()
  await trainOnce(flags.child, { ...sizes, d_out: d_in, tokens: STEPS * sizes.batchSize })
  console.log(peak() - before)
} else {
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0)
  const rows = flags.architectures.split(',').map((architecture) => {
    const [, script] = process.argv
    const sizeFlags = ['--d-in', flags['d-in'], '--d-sae', flags['d-sae'], '--batch', flags.batch, '--k', flags.k]
    const words = ['--import', 'tsx', script!, '--child', architecture, ...sizeFlags]
    const measured = Number(execFileSync(process.execPath, words, { stdio: ['ignore', 'pipe', 'ignore'] }))
    const { total, parts } = runMemory(configFrom(architecture, { ...sizes, d_out: d_in, tokens: 1e6 }))
    const matrix = sizes.batchSize * sizes.d_sae * 4
    const left = (measured - (total - parts.activations)) / matrix
    return [architecture, megabytes(measured), megabytes(total), (measured / total).toFixed(2), left.toFixed(1)]
  })
  console.log(formatTable(['architecture', 'measured MB', 'planned MB', 'ratio', 'matrices'], rows))
}
