// Entries of an override's record: made, withdrawn.

import { z } from 'zod'
import { ON_CALL_ROLES } from '../../model/on-call-wire.ts'

export const overrideMade = z.strictObject({
  role: z.enum(ON_CALL_ROLES),
  /** Id in the team. */
  person: z.string(),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  because: z.string().nullable(),
})
export type OverrideMade = z.output<typeof overrideMade>

export const overrideWithdrawn = z.strictObject({ because: z.string().nullable() })
