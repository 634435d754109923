import * as tf from '@tensorflow/tfjs-core'

/**
 * `tf.tidy` for a block that returns plain data. tfjs's own looks for tensors in what is returned, entry by entry
 * even in typed arrays, which takes longer than the work for large ones.
 */
export function tidyToHost<T>(block: () => T): T {
  let result: { value: T } | undefined
  tf.tidy(() => {
    result = { value: block() }
  })
  return result!.value
}
