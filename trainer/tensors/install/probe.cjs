// Run in a process of its own: a library that cannot be loaded must not take the caller down with it.
process.env.TF_CPP_MIN_LOG_LEVEL = '3'
const util = require('node:util')
util.isNullOrUndefined ??= (value) => value === null || value === undefined
util.isArray ??= Array.isArray
const tf = require('@tensorflow/tfjs-node-gpu')
const product = tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])).dataSync()[0]
if (product !== 11) throw new Error(`a product of [1 2] and [3 4] gave ${product}`)
console.log(JSON.stringify({ gpu: tf.backend().isUsingGpuDevice }))
