// Entries of a hand-off's record: given by who goes, acknowledged by who comes.

import { z } from 'zod'

const at = z.iso.datetime()

/** What the next on call has to know, as it was when it was handed over. */
export const handOffSummary = z.strictObject({
  /** Alerts that nobody has settled. */
  firing: z.array(
    z.strictObject({
      targetId: z.string(),
      findingKey: z.string(),
      summary: z.string(),
      severity: z.string(),
      openedAt: at,
      /** null: nobody has it in hand. */
      acknowledgedBy: z.string().nullable(),
    }),
  ),
  /** Critical findings and warnings that are open, those of `firing` included. */
  openFindings: z.strictObject({ critical: z.number(), warning: z.number() }),
  /** In the shift. */
  happened: z.strictObject({
    opened: z.number(),
    resolved: z.number(),
    /** null: nothing was critical. */
    medianToAcknowledgeMs: z.number().nullable(),
    notAcknowledgedInTime: z.number(),
  }),
  silences: z.array(z.strictObject({ because: z.string(), by: z.string(), until: at })),
})
export type HandOffSummary = z.output<typeof handOffSummary>

export const handOffGiven = z.strictObject({
  /** Ids in the team; null: nobody was on call. */
  from: z.string().nullable(),
  to: z.string(),
  shift: z.strictObject({ from: at, until: at }),
  note: z.string().nullable(),
  summary: handOffSummary,
})
export type HandOffGiven = z.output<typeof handOffGiven>

export const handOffAcknowledged = z.strictObject({ note: z.string().nullable() })
