/**
 * A run's whole state as one safetensors container: parameters, moments and counters as tensors, the rest as metadata.
 * All randomness follows from the seed and the position (initial weights, order of tokens): these two are its state.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { LoupeError } from '../../errors'
import { encodeSafetensors, parseSafetensors } from '../../tensors/safetensors'
import type { Calibration } from '../architectures/calibrate'
import { parseWith } from '../dictionary/config'
import type { EngineInfo, EngineState } from '../step/spec'

export interface Checkpoint {
  /** The resolved configuration. */
  config: Readonly<Record<string, unknown>>
  engine: EngineInfo
  calibration: Calibration
  /** Where the next batch begins in the sequence of training rows. */
  row: number
  state: EngineState
}

const METADATA_KEY = 'loupe.checkpoint'
const CENTRE = 'calibration.centre'

const metadataSchema = z.strictObject({
  config: z.record(z.string(), z.unknown()).describe('Resolved training configuration'),
  configHash: z.string().describe('SHA-256 of the configuration with sorted keys'),
  engine: z
    .strictObject({
      name: z.enum(['reference', 'tensorflow']),
      device: z.enum(['cpu', 'cuda']),
      dtype: z.literal('float32'),
      fingerprint: z.string(),
    })
    .describe('Where it was computed'),
  inputScale: z.number().positive().describe('Factor on raw activations'),
  targetScale: z.number().positive().optional().describe('Factor on raw targets. Absent: that on activations'),
  mseScale: z.number().positive().describe('Factor on the squared error'),
  step: z.int().nonnegative().describe('Steps taken'),
  row: z.int().nonnegative().describe('Where the next batch begins'),
})

/** Equal runs at equal steps have equal bytes. */
export function encodeCheckpoint({ config, engine, calibration, row, state }: Checkpoint): Buffer {
  const { centre, inputScale, targetScale, mseScale } = calibration
  // In one order, whether calibrated or decoded.
  const scales = { inputScale, targetScale, mseScale }
  const metadata = { config, configHash: configHash(config), engine, ...scales, step: state.step, row }
  const tensors = { ...state.tensors, [CENTRE]: { shape: [centre.length], data: centre } }
  return encodeSafetensors(tensors, { [METADATA_KEY]: JSON.stringify(metadata) })
}

/** @throws LoupeError when the bytes are damaged or hold something else */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const blob = parseSafetensors(bytes, 'checkpoint')
  const { config, configHash: stored, step, row, engine, ...scales } = parseMetadata(blob.metadata[METADATA_KEY])
  if (stored !== configHash(config))
    throw new LoupeError('bad-input', 'the checkpoint is damaged: its configuration does not match its hash')
  const names = [...blob.tensors].filter(([name]) => name !== CENTRE)
  const tensors = Object.fromEntries(
    names.map(([name, { shape }]) => [name, { shape: [...shape], data: blob.read(name) }]),
  )
  const calibration = { targetScale: scales.inputScale, ...scales, centre: blob.read(CENTRE) }
  return { config, engine, calibration, row, state: { step, tensors } }
}

function parseMetadata(text: string | undefined): z.output<typeof metadataSchema> {
  if (text === undefined) throw new LoupeError('bad-input', 'these bytes are not a checkpoint of a training run')
  try {
    return parseWith(metadataSchema, JSON.parse(text), 'checkpoint')
  } catch (cause) {
    if (cause instanceof LoupeError) throw cause
    throw new LoupeError('bad-input', 'the checkpoint is damaged: its metadata is not JSON', { cause })
  }
}

/** Identifies a configuration; the order of keys does not matter. */
export function configHash(config: Readonly<Record<string, unknown>>): string {
  const sorted = Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex')
}

/**
 * Refuses to continue under other settings or on another engine: the result would belong to neither.
 * @throws LoupeError that lists every difference, stored against given
 */
export function checkResumable(
  checkpoint: Pick<Checkpoint, 'config' | 'engine'>,
  config: Readonly<Record<string, unknown>>,
  engine: EngineInfo,
): void {
  const stored: Record<string, unknown> = { ...checkpoint.config, ...engineFields(checkpoint.engine) }
  const current: Record<string, unknown> = { ...config, ...engineFields(engine) }
  const keys = new Set([...Object.keys(stored), ...Object.keys(current)])
  const differences = [...keys].filter((key) => show(stored[key]) !== show(current[key])).sort()
  if (differences.length === 0) return
  const lines = differences.map((key) => `${key}: stored ${show(stored[key])}, given ${show(current[key])}`)
  throw new LoupeError('mismatch', `the run was started with other settings: ${lines.join('; ')}`, {
    remedy: 'use the stored settings, or start a new run under another name',
  })
}

function engineFields({ name, fingerprint }: EngineInfo): Record<string, string> {
  return { engine: name, 'computed on': fingerprint }
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value)
}
