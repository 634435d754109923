/** Which checkpoints of a run are stored, and which stay. */
import type { PoolClient } from 'pg'
import type { HeldOutFigures } from '../../../trainer/evaluate/bothRules'
import { keptSteps } from '../../../trainer/sae/architectures/schedule'
import type { Progress } from '../../../trainer/sae/training/train'
import { deleteBlob, putBlobWithin } from '../../../trainer/store/blobs'
import { transaction } from '../../../trainer/store/database'
import type { Database } from '../../db/connect'
import type { Run } from '../../db/generated/client'

/** The best is looked for in the second half: before, each evaluation is better than the one before. */
const BEST_FROM = 0.5

/**
 * The newest checkpoint of a run, those that its schedule keeps, and the best by held-out explained variance; others
 * go when a newer one comes.
 */
export class CheckpointKeeper {
  readonly kept: ReadonlySet<number>
  private evaluated: { step: number; figures: HeldOutFigures } | undefined

  private constructor(
    private readonly database: Database,
    private readonly run: Run,
    /** What a checkpoint's bytes do not say about the data it goes on with. */
    private readonly position: object,
    { keepEvery, keepAt }: { keepEvery: number | null; keepAt: readonly number[] },
    private bestVariance: number,
  ) {
    this.kept = keptSteps(run.steps, keepEvery, keepAt)
  }

  static async of(
    database: Database,
    run: Run,
    position: object,
    keep: { keepEvery: number | null; keepAt: readonly number[] },
  ): Promise<CheckpointKeeper> {
    const best = await database.prisma.checkpoint.findFirst({ where: { runId: run.id, best: true } })
    const variance = (best?.metrics as Partial<HeldOutFigures> | null | undefined)?.explainedVariance
    return new CheckpointKeeper(database, run, position, keep, variance ?? -Infinity)
  }

  /** Takes note of held-out figures. @returns whether they are the best so far, and a checkpoint is due */
  evaluatedAt({ step }: Progress, figures: HeldOutFigures): boolean {
    this.evaluated = { step, figures }
    return step >= BEST_FROM * this.run.steps && (figures.explainedVariance ?? -Infinity) > this.bestVariance
  }

  store(at: Progress, bytes: Buffer): Promise<void> {
    return transaction(this.database.pool, (client) => this.storeWithin(client, at, bytes))
  }

  /** The row, its blob and the removal of those that have become superfluous come together. */
  async storeWithin(client: PoolClient, at: Progress, bytes: Buffer): Promise<void> {
    const { id: runId } = this.run
    const figures = this.evaluated?.step === at.step ? this.evaluated.figures : undefined
    const best = figures !== undefined && this.evaluatedAt(at, figures)
    if (best) {
      await client.query('UPDATE checkpoint SET best = false WHERE run_id = $1', [runId])
      this.bestVariance = figures.explainedVariance!
    }
    const { rows: old } = await client.query<{ blob_id: string }>(
      'DELETE FROM checkpoint WHERE run_id = $1 AND (NOT (kept OR best) OR step = $2) RETURNING blob_id',
      [runId, at.step],
    )
    const { id } = await putBlobWithin(client, bytes)
    await client.query(
      'INSERT INTO checkpoint (run_id, step, blob_id, position, kept, best, metrics) VALUES ($1, $2, $3, $4, $5, $6, $7)',
      [
        runId,
        at.step,
        id,
        JSON.stringify(this.position),
        this.kept.has(at.step),
        best,
        figures ? JSON.stringify(figures) : null,
      ],
    )
    for (const { blob_id } of old) await deleteBlob(client, blob_id)
  }
}
