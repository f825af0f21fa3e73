// A finding's evidence as the API speaks of it; records keep it in the same shape.

import { z } from 'zod'

export const unitWire = z.enum(['ms', 'bytes', 'ratio', 'count', 'perSecond', 'text'])

export const evidenceWire = z.object({
  label: z.string(),
  value: z.union([z.number(), z.string()]),
  unit: unitWire.optional(),
})
