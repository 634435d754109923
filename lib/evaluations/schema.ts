/** What the API says of the suite beyond reconstruction. */
import { z } from 'zod'
import { SUITE_NAMES } from '../../trainer/evaluate/suite'

const Interval = z.strictObject({
  value: z.number().describe('Of the data as they are'),
  low: z.number().describe('2.5th percentile of the bootstrap'),
  high: z.number().describe('97.5th percentile of the bootstrap'),
})

const Cell = z.union([z.string(), z.number(), Interval, z.null()])

const Column = z.strictObject({
  label: z.string().describe('Name for people'),
  formula: z.string().describe('What the figure is'),
  unit: z.string().describe('Empty where it has none'),
  direction: z.enum(['up', 'down', 'none']).describe('Which way is better'),
  isText: z.boolean().optional().describe('True for columns of words'),
})

const Table = z.strictObject({
  name: z.string().describe('Name of the table'),
  title: z.string().describe('Title for people'),
  columns: z.record(z.string(), Column).describe('Columns in order'),
  isDetail: z.boolean().optional().describe('True for tables that are long'),
  rows: z.array(z.record(z.string(), Cell)).describe('Cells by column; null where a figure is not defined'),
})

export const SuiteRecord = z.strictObject({
  id: z.string().describe('Id of the evaluation'),
  name: z.enum(SUITE_NAMES).describe('Part of the suite'),
  label: z.string().describe('Name for people'),
  summary: z.string().describe('What it measures'),
  source: z.strictObject({
    text: z.string().describe('Authors and year'),
    href: z.string().describe('Address of the paper'),
  }),
  caveat: z.string().nullable().describe('What one must know to judge the figures'),
  measuredOn: z.string().describe('What the figures come from, in words that the name of the harvest follows'),
  createdAt: z.iso.datetime(),
  engine: z.string().describe('Library, device, instruction sets and threads that computed it'),
  device: z.string().describe('cpu or cuda'),
  harvest: z.string().nullable().describe('Harvest measured on; null when it is gone'),
  control: z.string().nullable().describe('Dictionary compared with'),
  settings: z.record(z.string(), z.unknown()).describe('Sizes, choices and seed'),
  seconds: z.number().describe('Seconds of computing, over all parts'),
  notes: z.array(z.string()).describe('What was measured on, and what was left out'),
  tables: z.array(Table).describe('The figures'),
})
