// Entries of a hand-off's record: given by who goes, acknowledged by who comes.

import { z } from 'zod'
import { handOffSummaryWire } from '../../model/on-call-wire.ts'

const at = z.iso.datetime()

export const handOffGiven = z.strictObject({
  /** Ids in the team; null: nobody was on call. */
  from: z.string().nullable(),
  to: z.string(),
  shift: z.strictObject({ from: at, until: at }),
  note: z.string().nullable(),
  summary: handOffSummaryWire,
})
export type HandOffGiven = z.output<typeof handOffGiven>

export const handOffAcknowledged = z.strictObject({ note: z.string().nullable() })
