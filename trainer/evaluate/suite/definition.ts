/** What a part of the suite is, for commands, pages and documents, without the code that computes it. */
import type { z } from 'zod'
import type { Interval } from '../../tensors/bootstrap'
import type { CrossEntropyFigures } from '../crossEntropy'
import type { Metric } from '../metrics'
import type { ReconstructionFigures } from '../reconstruction'
import type { TokenSample } from '../tokenSample'

/** A column of a table; text columns name what a row is about. */
export type Column = Metric & { isText?: boolean }

export interface TableDefinition {
  title: string
  /** In the order shown. */
  columns: Readonly<Record<string, Column>>
  /** Long tables are folded on pages. */
  isDetail?: boolean
}

export interface SuiteDefinition {
  name: string
  label: string
  /** One sentence: what it measures. */
  summary: string
  source: { text: string; href: string }
  /** What a reader must know to judge the figures. */
  caveat?: string
  /** What the figures come from; the name of the harvest follows these words. */
  measuredOn: string
  /** Why a dictionary that writes at another hook than it reads cannot be measured; absent where it can. */
  needsOwnHook?: string
  /** Sizes and choices; the flags and the fields of the API are made from it. */
  settings: z.ZodObject
  tables: Readonly<Record<string, TableDefinition>>
}

/** Null where a figure is not defined. */
export type Cell = string | number | null | Interval
export type Row = Record<string, Cell>

/** As stored in an evaluation. */
export interface SuiteResult {
  /** Rows by the names of the definition's tables. */
  tables: Record<string, Row[]>
  /** What was measured, and what was left out, in words. */
  notes: string[]
  /** Figures of every latent, `[d_sae]` each, null where one is not defined; kept for exports, too long for pages. */
  latents?: Record<string, (number | null)[]>
  /** What an evaluation without a suite measures, where this part has measured it too. */
  core?: CoreFigures
}

/** Reconstruction on held-out and training tokens, and the cross-entropy with it spliced in. */
export interface CoreFigures {
  heldOut: ReconstructionFigures
  training: ReconstructionFigures
  crossEntropy: CrossEntropyFigures
  /** Tokens of the cross-entropy, one by one. */
  sample: TokenSample
}

export function text(label: string, formula = ''): Column {
  return { label, formula, unit: '', direction: 'none', isText: true }
}

export function counted(label: string, formula: string, unit = ''): Column {
  return { label, formula, unit, direction: 'none' }
}
