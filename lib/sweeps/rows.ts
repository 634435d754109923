/** Sweeps as rows. Stored JSON is parsed here. */
import { byNameOrId, notThere } from '../base/names'
import type { Database } from '../db/connect'
import type { Prisma, Sweep } from '../db/generated/client'
import type { DictionaryRow } from '../dictionaries/rows'
import type { NewRun } from '../runs/rows'
import { SweepSpec } from './schema'

/** A sweep as it is stored, its JSON parsed. */
export type SweepRow = Parsed<Sweep>
type Parsed<Row extends Sweep> = Omit<Row, 'spec'> & { spec: SweepSpec }

const parsed = <Row extends Sweep>(row: Row): Parsed<Row> => ({ ...row, spec: SweepSpec.parse(row.spec) })

const WITH_RUNS = {
  harvest: { select: { id: true, name: true, hook: true, model: { select: { id: true, name: true } } } },
  runs: { select: { architecture: true, status: true, step: true, steps: true }, orderBy: { sweepIndex: 'asc' } },
} satisfies Prisma.SweepInclude

export type SweepWithRuns = Parsed<Prisma.SweepGetPayload<{ include: typeof WITH_RUNS }>>

export async function requireSweep({ prisma }: Database, nameOrId: string): Promise<SweepRow> {
  const row = await prisma.sweep.findUnique({ where: byNameOrId(nameOrId) })
  if (row) return parsed(row)
  return notThere('sweep', nameOrId, await prisma.sweep.findMany({ select: { name: true } }))
}

export async function sweepWithRuns(database: Database, nameOrId: string): Promise<SweepWithRuns> {
  const { id } = await requireSweep(database, nameOrId)
  return parsed(await database.prisma.sweep.findUniqueOrThrow({ where: { id }, include: WITH_RUNS }))
}

/** Newest first. */
export async function newestSweeps({ prisma }: Database, limit: number): Promise<SweepWithRuns[]> {
  const rows = await prisma.sweep.findMany({
    include: WITH_RUNS,
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    take: limit,
  })
  return rows.map(parsed)
}

/** Those with a run that is not finished; newest first. */
export async function unfinishedSweeps({ prisma }: Database, harvestId: string): Promise<SweepRow[]> {
  const rows = await prisma.sweep.findMany({
    where: { harvestId, runs: { some: { status: { not: 'finished' } } } },
    orderBy: { createdAt: 'desc' },
  })
  return rows.map(parsed)
}

export async function isSweepName({ prisma }: Database, name: string): Promise<boolean> {
  return (await prisma.sweep.findUnique({ where: { name }, select: { id: true } })) !== null
}

export async function sweepNames({ prisma }: Database, harvestId: string): Promise<Set<string>> {
  const rows = await prisma.sweep.findMany({ where: { harvestId }, select: { name: true } })
  return new Set(rows.map(({ name }) => name))
}

/** Stores a sweep and all its runs in one transaction. */
export async function insertSweep(
  { prisma }: Database,
  { name, harvestId, spec, runs }: { name: string; harvestId: string; spec: object; runs: readonly NewRun[] },
): Promise<SweepRow> {
  const row = await prisma.sweep.create({
    data: { name, harvestId, spec, runs: { create: runs.map((run, sweepIndex) => ({ ...run, sweepIndex })) } },
  })
  return parsed(row)
}

export function countRuns({ prisma }: Database, { id }: Pick<SweepRow, 'id'>): Promise<number> {
  return prisma.run.count({ where: { sweepId: id } })
}

/** The dictionaries of a sweep without an evaluation like this, in the order of its runs. */
export function dictionariesWithout(
  { prisma }: Database,
  { id }: Pick<SweepRow, 'id'>,
  evaluation: Prisma.EvaluationWhereInput,
): Promise<DictionaryRow[]> {
  return prisma.dictionary.findMany({
    where: { run: { sweepId: id }, evaluations: { none: evaluation } },
    orderBy: { run: { sweepIndex: 'asc' } },
  })
}
