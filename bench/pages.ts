/**
 * Measures the waiting times of a person, from outside a running Loupe: the first token of a steered answer, and the page
 * of a feature.
 *
 *   npx loupe start --detach && npx tsx bench/pages.ts [http://127.0.0.1:3000] [--repeats 15]
 */
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { createApi, ok } from '../lib/api/client/client'
import { steerStream } from '../lib/api/client/steer'

const PROMPT =
  'My fellow citizens, the most important thing about our country is the strength of its people and the care that they take of one another in every year'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { repeats: { type: 'string', default: '15' } },
})
const baseUrl = positionals[0] ?? 'http://127.0.0.1:3000'
const repeats = Number(values.repeats)
const api = createApi(baseUrl, 'bench')
const { dictionaries } = await ok(api.GET('/api/v1/dictionaries'))
const dictionary = dictionaries.find(({ features }) => features !== null)!
const path = { id: dictionary.id }

function quantiles(values: number[]) {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]! * 10) / 10
  return { p50: at(0.5), p95: at(0.95), n: sorted.length }
}

async function steered(kl: boolean) {
  const edits = [{ dictionary: dictionary.name, feature: 7, mode: 'add' as const, strength: 20 }]
  const sampling = { maxTokens: 24, seed: 1 }
  const started = performance.now()
  let first = 0
  let tokens = 0
  let prompt = 0
  const intervention = { model: dictionary.model!.name, prompt: PROMPT, edits, sampling, details: { kl } }
  for await (const event of steerStream(intervention, { baseUrl, client: 'bench' })) {
    if (event.type === 'start') prompt = event.prompt.length
    if (event.type !== 'token') continue
    if (tokens++ === 0) first = performance.now() - started
  }
  return { first, steps: (1000 * tokens) / 2 / (performance.now() - started - first), prompt }
}

async function timed(request: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await request()
  return performance.now() - started
}

await steered(true)
const [plain, kl] = [[], []] as { first: number; steps: number; prompt: number }[][]
for (let i = 0; i < repeats; i++) {
  plain!.push(await steered(false))
  kl!.push(await steered(true))
}
const indices = Array.from({ length: 100 }, (_, i) => Math.floor((i * dictionary.dSae) / 100))
const pages: number[] = []
const answers: number[] = []
for (const index of indices) {
  pages.push(
    await timed(() => fetch(`${baseUrl}/dictionaries/${path.id}/features/${index}`).then((page) => page.text())),
  )
  const params = { path: { ...path, index } }
  answers.push(await timed(() => ok(api.GET('/api/v1/dictionaries/{id}/features/{index}', { params }))))
}
console.log(
  JSON.stringify(
    {
      promptTokens: plain![0]!.prompt,
      firstTokenMs: quantiles(plain!.map(({ first }) => first)),
      firstTokenWithKlMs: quantiles(kl!.map(({ first }) => first)),
      stepsPerSecond: quantiles(plain!.map(({ steps }) => steps)),
      stepsPerSecondWithKl: quantiles(kl!.map(({ steps }) => steps)),
      featurePageMs: quantiles(pages),
      featureAnswerMs: quantiles(answers),
      machine: { processor: cpus()[0]?.model, load: loadavg().map((load) => Math.round(load * 10) / 10) },
      engine: (await ok(api.GET('/api/v1/status'))).compute?.engine,
    },
    null,
    2,
  ),
)
