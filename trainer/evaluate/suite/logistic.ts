/** Logistic regression for probes: small, deterministic, in double precision. */

export interface LogisticOptions {
  /** Penalty on the squared weights of the standardised columns, times half; the intercept is free. Default 1e-3. */
  l2?: number
  /** Both classes have the same weight, whatever their numbers of rows. Default true. */
  balanced?: boolean
  iterations?: number
}

/** Weights for the original columns. A row is positive where `w · x + bias > 0`. */
export interface LogisticProbe {
  weights: Float64Array
  bias: number
}

/** Rows `[n, width]`, row-major. */
export interface Rows {
  data: Float32Array | Float64Array
  n: number
  width: number
}

const MEMORY = 10
const TOLERANCE = 1e-6

/**
 * The minimum of mean log-loss + l2 / 2 · ‖w‖² over standardised columns, by L-BFGS from zero. The problem is strictly
 * convex, so there is one answer whatever the path. Columns that do not vary get weight zero.
 * @param positive `[n]`, 1 for rows of the class
 */
export function fitLogistic(rows: Rows, positive: Uint8Array, options: LogisticOptions = {}): LogisticProbe {
  const { l2 = 1e-3, balanced = true, iterations = 150 } = options
  const { mean, scale } = moments(rows)
  const x = standardised(rows, mean, scale)
  const problem = { x, n: rows.n, width: rows.width, positive, weight: rowWeights(positive, balanced), l2 }
  const theta = minimise(problem, iterations)
  const weights = theta.subarray(0, rows.width).map((value, column) => value * scale[column]!)
  const bias = weights.reduce((sum, value, column) => sum - value * mean[column]!, theta[rows.width]!)
  return { weights: Float64Array.from(weights), bias }
}

/** `w · x + bias` of every row. */
export function scores({ weights, bias }: LogisticProbe, { data, n, width }: Rows): Float64Array {
  return Float64Array.from({ length: n }, (_, row) => {
    let sum = bias
    for (let column = 0; column < width; column++) sum += weights[column]! * data[row * width + column]!
    return sum
  })
}

/** Mean and 1 / standard deviation by column; 0 where nothing varies. */
function moments({ data, n, width }: Rows): { mean: Float64Array; scale: Float64Array } {
  const mean = new Float64Array(width)
  const scale = new Float64Array(width)
  for (let i = 0; i < n * width; i++) mean[i % width]! += data[i]! / n
  for (let i = 0; i < n * width; i++) scale[i % width]! += (data[i]! - mean[i % width]!) ** 2 / n
  for (let column = 0; column < width; column++) {
    const deviation = Math.sqrt(scale[column]!)
    scale[column] = deviation > 1e-12 * (1 + Math.abs(mean[column]!)) ? 1 / deviation : 0
  }
  return { mean, scale }
}

function standardised({ data, n, width }: Rows, mean: Float64Array, scale: Float64Array): Float64Array {
  const x = new Float64Array(n * width)
  for (let i = 0; i < x.length; i++) x[i] = (data[i]! - mean[i % width]!) * scale[i % width]!
  return x
}

function rowWeights(positive: Uint8Array, balanced: boolean): Float64Array {
  const positives = positive.reduce((sum, each) => sum + each, 0)
  const negatives = positive.length - positives
  if (!balanced || positives === 0 || negatives === 0)
    return new Float64Array(positive.length).fill(1 / positive.length)
  return Float64Array.from(positive, (each) => 0.5 / (each ? positives : negatives))
}

interface Problem {
  x: Float64Array
  n: number
  width: number
  positive: Uint8Array
  weight: Float64Array
  l2: number
}

/** Loss and its gradient `[width + 1]`, the intercept last. */
function evaluate({ x, n, width, positive, weight, l2 }: Problem, theta: Float64Array, gradient: Float64Array): number {
  gradient.fill(0)
  let loss = 0
  for (let row = 0; row < n; row++) {
    const base = row * width
    let score = theta[width]!
    for (let column = 0; column < width; column++) score += theta[column]! * x[base + column]!
    const signed = positive[row] ? -score : score
    // log(1 + e^signed) and its slope, without overflow
    loss += weight[row]! * (Math.max(signed, 0) + Math.log1p(Math.exp(-Math.abs(signed))))
    const slope = (weight[row]! * (positive[row] ? -1 : 1)) / (1 + Math.exp(-signed))
    for (let column = 0; column < width; column++) gradient[column]! += slope * x[base + column]!
    gradient[width]! += slope
  }
  for (let column = 0; column < width; column++) {
    loss += (l2 / 2) * theta[column]! ** 2
    gradient[column]! += l2 * theta[column]!
  }
  return loss
}

/** L-BFGS with a backtracking line search. */
function minimise(problem: Problem, iterations: number): Float64Array {
  const size = problem.width + 1
  let theta = new Float64Array(size)
  let gradient = new Float64Array(size)
  let loss = evaluate(problem, theta, gradient)
  const history: { step: Float64Array; change: Float64Array; rho: number }[] = []
  for (let iteration = 0; iteration < iterations; iteration++) {
    if (Math.sqrt(dot(gradient, gradient)) < TOLERANCE) break
    const direction = descent(gradient, history)
    const next = search(problem, { theta, gradient, loss }, direction)
    if (!next) break
    const step = next.theta.map((value, i) => value - theta[i]!)
    const change = next.gradient.map((value, i) => value - gradient[i]!)
    const curvature = dot(step, change)
    if (curvature > 1e-300) history.push({ step, change, rho: 1 / curvature })
    if (history.length > MEMORY) history.shift()
    ;({ theta, gradient, loss } = next)
  }
  return theta
}

interface Point {
  theta: Float64Array<ArrayBuffer>
  gradient: Float64Array<ArrayBuffer>
  loss: number
}

/** The first of shorter and shorter steps that lowers the loss enough (Armijo); undefined if none does. */
function search(problem: Problem, from: Point, direction: Float64Array): Point | undefined {
  const slope = dot(from.gradient, direction)
  for (let length = 1; length > 1e-12; length /= 2) {
    const theta = from.theta.map((value, i) => value + length * direction[i]!)
    const gradient = new Float64Array(theta.length)
    const loss = evaluate(problem, theta, gradient)
    if (loss <= from.loss + 1e-4 * length * slope) return { theta, gradient, loss }
  }
  return undefined
}

/** Minus the inverse Hessian, estimated from the last steps, times the gradient. */
function descent(
  gradient: Float64Array,
  history: readonly { step: Float64Array; change: Float64Array; rho: number }[],
): Float64Array {
  const direction = gradient.map((value) => -value)
  const factors: number[] = []
  for (const { step, change, rho } of [...history].reverse()) {
    const factor = rho * dot(step, direction)
    factors.push(factor)
    addScaled(direction, change, -factor)
  }
  const latest = history.at(-1)
  if (latest) {
    const scale = 1 / (latest.rho * dot(latest.change, latest.change))
    for (let i = 0; i < direction.length; i++) direction[i]! *= scale
  }
  for (const { step, change, rho } of history) {
    addScaled(direction, step, factors.pop()! - rho * dot(change, direction))
  }
  return direction
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

function addScaled(to: Float64Array, what: Float64Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i]! += factor * what[i]!
}
