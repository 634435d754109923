/** An intervention in a request: documented by its schema, checked by its own parser, which says more than a schema. */
import { z } from 'zod'
import { Intervention } from '../../trainer/steering/intervention'

const documented = { ...z.toJSONSchema(Intervention, { io: 'input' }) }
// Part of a document, not one of its own.
delete documented.$schema

/** To be given to `parseIntervention`. */
export const InterventionBody = z.unknown().meta(documented)
