import { describe, expect, it } from 'vitest'
import { PADDING } from '../positions'
import { silentStage } from '../progress'
import { planContexts, splitDocuments } from './contexts'
import type { Document } from './types'

/** One token a character: ids tell which document they come from. */
const encode = (text: string) => [...text].map((letter) => letter.codePointAt(0)!)

function library(count: number, length: number): Document[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `document ${index}`,
    text: String.fromCodePoint(0x100 + index).repeat(length),
  }))
}

const options = { contextSize: 16, tokens: 1600, seed: 3 }
const plan = (documents: Document[], overrides = options) => planContexts(documents, encode, overrides, silentStage())

describe('planContexts', () => {
  it('never lets a context cross a document, nor a document cross the split', () => {
    const { train, heldOut } = plan(library(20, 200))
    for (const { tokens, documents } of [train, heldOut]) {
      for (let row = 0; row < documents.length; row++) {
        const ids = new Set(tokens.subarray(row * 16, (row + 1) * 16))
        ids.delete(PADDING)
        expect([...ids]).toEqual([0x100 + documents[row]!])
      }
    }
    expect([...train.documents].filter((document) => heldOut.documents.includes(document))).toEqual([])
  })

  it('takes about a fifth of the tokens from held-out documents, and no more than a context too many', () => {
    const { train, heldOut } = plan(library(20, 200))
    expect(heldOut.realTokens).toBeGreaterThanOrEqual(320)
    expect(heldOut.realTokens).toBeLessThan(320 + 16)
    expect(train.realTokens).toBeGreaterThanOrEqual(1280)
    expect(train.realTokens).toBeLessThan(1280 + 16)
  })

  it('is the same for the same seed, and another for another', () => {
    const documents = library(20, 200)
    expect(plan(documents)).toEqual(plan(documents))
    expect(plan(documents, { ...options, seed: 4 }).train.documents).not.toEqual(plan(documents).train.documents)
  })

  it('gives each document its turn before any gives a second helping', () => {
    const { train } = plan(library(20, 2000), { ...options, tokens: 8 * 16 * 16 })
    expect(new Set(train.documents).size).toBeGreaterThan(10)
  })

  it('pads a short last stretch and leaves out a very short one', () => {
    const { train, heldOut } = plan(library(6, 16 + 8), { ...options, tokens: 10_000 })
    expect(train.realTokens + heldOut.realTokens).toBe(6 * 24)
    expect(train.tokens.filter((id) => id === PADDING).length).toBe((train.documents.length / 2) * 8)
    const short = plan(library(6, 16 + 3), { ...options, tokens: 10_000 })
    expect(short.train.realTokens + short.heldOut.realTokens).toBe(6 * 16)
  })

  it('takes all tokens of a corpus that has fewer than requested', () => {
    const { train, heldOut } = plan(library(10, 64), { ...options, tokens: 1e6 })
    expect(train.realTokens + heldOut.realTokens).toBe(640)
  })

  it('stops when interrupted', () => {
    const stage = silentStage(AbortSignal.abort())
    expect(() => planContexts(library(5, 64), encode, options, stage)).toThrow(/interrupted/)
  })
})

describe('splitDocuments', () => {
  it('always leaves both sides a document', () => {
    for (let seed = 0; seed < 50; seed++) {
      const { train, heldOut } = splitDocuments(library(5, 4), seed)
      expect(train.length).toBeGreaterThan(0)
      expect(heldOut.length).toBeGreaterThan(0)
    }
  })
})
