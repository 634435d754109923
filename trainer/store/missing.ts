/** The error for a missing shard. */
import { LoupeError } from '../errors'

/** A shard that a reader needs and the store does not have. */
export function missingShard(harvestId: string, idx: number): LoupeError {
  return new LoupeError('not-found', `shard ${idx} of harvest ${harvestId} is not stored`, {
    remedy: 'run the same `loupe harvest` again: it computes the missing shards',
  })
}
