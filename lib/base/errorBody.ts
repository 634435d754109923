/** The form in which an error is sent to a client: in error answers of the API, and at the end of a broken stream. */
import { z } from 'zod'
import { ERROR_CODES } from '../../trainer/errors'

export const ErrorDetails = z.strictObject({
  code: z.string().describe(`One of ${Object.keys(ERROR_CODES).join(', ')}, internal`),
  message: z.string().describe('What is wrong and what is expected'),
  remedy: z.string().nullable().describe('What to do about it'),
})
export type ErrorDetails = z.output<typeof ErrorDetails>

export const ErrorBody = z.strictObject({ error: ErrorDetails })
export type ErrorBody = z.output<typeof ErrorBody>
