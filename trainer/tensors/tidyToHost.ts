/** `tf.tidy` for results that are not tensors. */
import * as tf from '@tensorflow/tfjs-core'

/**
 * `tf.tidy` for a block that returns plain data. `tf.tidy` searches the result for tensors, entry by entry even in typed
 * arrays. For a large array the search takes longer than the work.
 */
export function tidyToHost<T>(block: () => T): T {
  let result: { value: T } | undefined
  tf.tidy(() => {
    result = { value: block() }
  })
  return result!.value
}
