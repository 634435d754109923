/** The metadata in the header of a GGUF file. */
import { LoupeError } from '../../errors'
import type { GgufMetadata } from '../families/family'

/** Typed access to the key-value pairs of a GGUF header. 64-bit integers become numbers. */
export function ggufMetadata(values: Readonly<Record<string, unknown>>, source: string): GgufMetadata {
  function read<T>(key: string, expected: string, accept: (value: unknown) => T | undefined, fallback?: T): T {
    const value = values[key]
    const accepted = value === undefined ? fallback : accept(value)
    if (accepted !== undefined) return accepted
    const problem = value === undefined ? 'is missing' : `is ${Array.isArray(value) ? 'a list' : typeof value}`
    throw new LoupeError('bad-input', `${source}: its metadata key ${key} ${problem}, expected ${expected}`, {
      remedy: 'the file is damaged, or not made by llama.cpp: convert it or fetch it again',
    })
  }
  return {
    source,
    has: (key) => values[key] !== undefined,
    number: (key, fallback) => read(key, 'a number', asNumber, fallback),
    string: (key, fallback) => read(key, 'text', (value) => (typeof value === 'string' ? value : undefined), fallback),
    boolean: (key, fallback) =>
      read(key, 'true or false', (value) => (typeof value === 'boolean' ? value : undefined), fallback),
    strings: (key) => read(key, 'a list of texts', (value) => listOf(value, (item) => typeof item === 'string')),
    numbers: (key) => read(key, 'a list of numbers', (value) => listOf(value, (item) => typeof item === 'number')),
  }
}

function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  return typeof value === 'bigint' && value <= Number.MAX_SAFE_INTEGER ? Number(value) : undefined
}

function listOf<T>(value: unknown, accepts: (item: unknown) => boolean): T[] | undefined {
  return Array.isArray(value) && value.every(accepts) ? (value as T[]) : undefined
}
