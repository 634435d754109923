import { z } from 'zod'
import { Intervention } from '../../../trainer/steering/intervention'
import { getGeneration, keepGeneration, listGenerations } from '../../steering/generations'
import { SteeringAnswer } from '../../steering/answer'
import { requireStorable } from '../../base/text'
import { InterventionBody } from '../../steering/schema'
import { defineRoute } from '../route'

const tag = 'steering'

const facts = {
  id: z.string().describe('Id of the kept answer; its page is /steer/ID'),
  intervention: Intervention.describe('What was asked for, with every default filled in'),
  engine: z.string().describe('Library, device, instruction sets and threads that computed it'),
  device: z.string().describe('cpu or cuda'),
  createdAt: z.iso.datetime().describe('When it was kept'),
}

const Texts = z.array(z.strictObject({ branch: z.string(), text: z.string() })).describe('Its answers without figures')

const keep = defineRoute({
  method: 'POST',
  path: '/generations',
  summary: 'Keep an answer of steering with what was asked for',
  description: 'The same intervention gives the same tokens again on the same engine.',
  tag,
  body: z.strictObject({
    intervention: InterventionBody.describe('What was asked for'),
    answer: SteeringAnswer.describe('What POST /steer gave'),
  }),
  response: z.strictObject({ id: facts.id }),
  async handler({ body: { intervention, answer } }, { database }) {
    requireStorable('the intervention', intervention)
    requireStorable('the answer', answer)
    const { engine } = answer
    const device = /\bcuda\b/.test(engine) ? 'cuda' : 'cpu'
    return { id: await keepGeneration(database, { intervention, answer, engine, device }) }
  },
})

const list = defineRoute({
  method: 'GET',
  path: '/generations',
  summary: 'List kept answers, newest first',
  tag,
  query: z.strictObject({
    after: z.string().max(2000).optional().describe('cursor of the page before: its "next"'),
    limit: z.coerce.number().int().min(1).max(100).default(20).describe('answers of a page'),
  }),
  response: z.strictObject({
    generations: z.array(z.strictObject({ ...facts, texts: Texts })),
    next: z.string().nullable().describe('Give it as "after" for the next page; null on the last one'),
  }),
  async handler({ query }, { database }) {
    const { generations, next } = await listGenerations(database, query)
    const listed = generations.map(({ answer, ...kept }) => {
      const { answers } = SteeringAnswer.parse(answer)
      return { ...kept, texts: answers.map(({ branch, text }) => ({ branch, text })) }
    })
    return { generations: listed, next }
  },
})

const one = defineRoute({
  method: 'GET',
  path: '/generations/{id}',
  summary: 'One kept answer',
  tag,
  params: z.strictObject({ id: z.string().max(100).describe('Id of the kept answer') }),
  response: z.strictObject({ ...facts, answer: SteeringAnswer }),
  async handler({ params: { id } }, { database }) {
    const kept = await getGeneration(database, id)
    return { ...kept, answer: SteeringAnswer.parse(kept.answer) }
  },
})

export const generationRoutes = [keep, list, one]
