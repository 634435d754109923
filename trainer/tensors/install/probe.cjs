// Runs in a separate process: a library that crashes while it loads must not end the caller.
process.env.TF_CPP_MIN_LOG_LEVEL = '3'
const util = require('node:util')
util.isNullOrUndefined ??= (value) => value === null || value === undefined
util.isArray ??= Array.isArray
const tf = require('@tensorflow/tfjs-node-gpu')
const product = tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])).dataSync()[0]
if (product !== 11) throw new Error(`the product of [1 2] and [3 4] is ${product}, expected 11`)
console.log(JSON.stringify({ gpu: tf.backend().isUsingGpuDevice }))
