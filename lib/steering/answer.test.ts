import { expect, it } from 'vitest'
import { grow, wholeAnswer, type GrowingAnswer } from './answer'
import { SteeringAnswer, type SteeringProgress } from './schema'

const token = (
  branch: string,
  index: number,
  extra: Partial<Extract<SteeringProgress, { type: 'token' }>>,
): SteeringProgress => ({
  type: 'token',
  branch,
  index,
  id: index + 10,
  token: 't',
  text: 't',
  logprob: -1,
  alternatives: [],
  ...extra,
})

const frames: SteeringProgress[] = [
  { type: 'queued', ahead: 2 },
  {
    type: 'start',
    branches: [
      { name: 'default', factor: null },
      { name: 'steered', factor: 1 },
    ],
    prompt: [{ id: 1, text: 'a' }],
    engine: 'e',
    device: 'cpu',
  },
  token('default', 0, { text: 'x' }),
  token('steered', 0, { text: '', kl: 0.5, defaultLogprob: -2 }),
  token('default', 1, { text: '', finish: 'end' }),
  token('steered', 1, { text: 'yz', finish: 'length', kl: 0.25, defaultLogprob: -3 }),
  {
    type: 'end',
    answers: [
      { branch: 'default', factor: null, text: 'x', ids: [10], finish: 'end' },
      { branch: 'steered', factor: 1, text: 'yz', ids: [10, 11], finish: 'length' },
    ],
    tokens: 4,
    seconds: 2,
  },
]

it('grows with each frame, and ends as the answers of the end frame with the figures of every token', () => {
  const steps: (GrowingAnswer | null)[] = []
  for (const event of frames) steps.push(grow(steps.at(-1) ?? null, event))
  // The answer before the end frame equals the answers of the end frame.
  expect(steps.at(-2)!.answers).toEqual(steps.at(-1)!.answers)
  expect(steps.slice(0, -1).map(wholeAnswer)).toEqual(frames.slice(0, -1).map(() => undefined))
  const whole = SteeringAnswer.parse(wholeAnswer(steps.at(-1)!))
  expect(whole.answers[1]).toMatchObject({ text: 'yz', ids: [10, 11], tokens: [{ kl: 0.5 }, { defaultLogprob: -3 }] })
  expect(whole.answers[0]!.tokens).toHaveLength(2)
  expect(whole).toMatchObject({ engine: 'e', device: 'cpu', tokens: 4, seconds: 2 })
})

it('keeps the branch that did not change', () => {
  const started = grow(null, frames[1]!)!
  expect(grow(started, frames[2]!)!.answers[1]).toBe(started.answers[1])
})
