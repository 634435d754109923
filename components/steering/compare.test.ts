import { expect, it } from 'vitest'
import type { SteeringAnswer } from '../../lib/steering/schema'
import { compareAnswers } from './compare'

function answer(...branches: number[][]): SteeringAnswer {
  const answers = branches.map((ids, at): SteeringAnswer['answers'][number] => ({
    branch: at === 0 ? 'default' : `steered ${at}`,
    factor: at,
    text: '',
    ids,
    finish: 'length',
    tokens: ids.map((id) => ({ id, token: '', logprob: -1, alternatives: [] })),
  }))
  return { prompt: [], answers, tokens: 0, seconds: 1, engine: 'e', device: 'cpu' }
}

it('finds no difference between equal answers', () => {
  expect(compareAnswers(answer([1, 2], [3]), answer([1, 2], [3]))).toEqual([])
})

it('names the first token that differs, also when one answer is shorter or missing', () => {
  expect(compareAnswers(answer([1, 2], [3, 4]), answer([1, 2], [3, 5]))).toEqual([{ branch: 'steered 1', at: 1 }])
  expect(compareAnswers(answer([1, 2]), answer([1]))).toEqual([{ branch: 'default', at: 1 }])
  expect(compareAnswers(answer([1], [2]), answer([1]))).toEqual([{ branch: 'steered 1', at: 0 }])
})
