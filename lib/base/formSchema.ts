/** The fields of a zod object as JSON Schema, which forms are made from in the browser. */
import { z } from 'zod'
import type { FieldShape } from './settingsText'

/** JSON Schema of one field. Keys that forms do not read pass through. */
export const FieldSchema = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  get items() {
    return FieldSchema.optional()
  },
  get anyOf() {
    return z.array(FieldSchema).optional()
  },
})

export const FormSchema = z.strictObject({
  properties: z.record(z.string(), FieldSchema).describe('Each field: type, bounds, description, default'),
  required: z.array(z.string()).describe('Fields without a default'),
})
export interface FormSchema {
  properties: Readonly<Record<string, FieldShape>>
  required: readonly string[]
}

export function formSchemaOf(schema: z.ZodObject): FormSchema {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' })
  return FormSchema.parse({ properties, required })
}
