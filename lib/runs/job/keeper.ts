/** Decides which checkpoints of a run are stored, and which stay. */
import type { PoolClient } from 'pg'
import type { HeldOutFigures } from '../../../trainer/evaluate/bothRules'
import { keptSteps } from '../../../trainer/sae/architectures/schedule'
import type { Progress } from '../../../trainer/sae/training/train'
import { transaction } from '../../../trainer/store/database'
import type { Database } from '../../db/connect'
import { bestFigures, storeCheckpointWithin, type Position } from '../checkpoints'

/** The best is chosen in the second half of the run: before that, nearly every evaluation is the best so far. */
const BEST_FROM = 0.5

/**
 * Keeps the newest checkpoint of a run, those of its schedule, and the best by held-out explained variance. The others
 * are removed when a newer one is stored.
 */
export class CheckpointKeeper {
  readonly kept: ReadonlySet<number>
  private evaluated: { step: number; figures: HeldOutFigures } | undefined

  private constructor(
    private readonly database: Database,
    private readonly run: { id: string; steps: number },
    private readonly position: Position,
    { keepEvery, keepAt }: { keepEvery: number | null; keepAt: readonly number[] },
    private bestVariance: number,
  ) {
    this.kept = keptSteps(run.steps, keepEvery, keepAt)
  }

  static async open(
    database: Database,
    run: { id: string; steps: number },
    position: Position,
    schedule: { keepEvery: number | null; keepAt: readonly number[] },
  ): Promise<CheckpointKeeper> {
    const best = await bestFigures(database, run.id)
    return new CheckpointKeeper(database, run, position, schedule, best?.explainedVariance ?? -Infinity)
  }

  /** Remembers held-out figures. @returns whether they are the best so far, so that a checkpoint is due */
  evaluatedAt({ step }: Progress, figures: HeldOutFigures): boolean {
    this.evaluated = { step, figures }
    return step >= BEST_FROM * this.run.steps && (figures.explainedVariance ?? -Infinity) > this.bestVariance
  }

  store(at: Progress, bytes: Buffer): Promise<void> {
    return transaction(this.database.pool, (client) => this.storeWithin(client, at, bytes))
  }

  /** The row, its blob and the removal of superfluous ones are one transaction. */
  async storeWithin(client: PoolClient, at: Progress, bytes: Buffer): Promise<void> {
    const figures = this.evaluated?.step === at.step ? this.evaluated.figures : undefined
    const best = figures !== undefined && this.evaluatedAt(at, figures)
    if (best) this.bestVariance = figures.explainedVariance!
    const [kept, { step }] = [this.kept.has(at.step), at]
    await storeCheckpointWithin(client, {
      runId: this.run.id,
      step,
      position: this.position,
      kept,
      best,
      figures,
      bytes,
    })
  }
}
