// The text of a statement that was seen running, made fit to be kept: literals replaced, and what its comment tells of the sender.

import type { Bytes } from '../../model/units.ts'
import { fingerprintOf, redactSql } from '../../sql/fingerprint.ts'
import { statementSender } from '../../sql/statement-sender.ts'

const MAX_LENGTH = 4_000

export interface SeenText {
  readonly queryId: string | null
  readonly text: string
  readonly fingerprint: string
  /** From the tags of its comment (sqlcommenter): `src/routes/members.ts:41`, or a route; null without. */
  readonly caller: string | null
  readonly route: string | null
  readonly model: string | null
  readonly action: string | null
  /** PostgreSQL cut it (track_activity_query_size): the fingerprint is of a part, and the comment is gone. */
  readonly isCut: boolean
}

export function seenText(queryId: string | null, raw: string, maxBytes: Bytes): SeenText {
  const sender = statementSender(raw)
  return {
    queryId,
    text: redactSql(raw, MAX_LENGTH),
    fingerprint: fingerprintOf(raw),
    caller: sender?.caller ?? null,
    route: sender?.route ?? null,
    model: sender?.model ?? null,
    action: sender?.action ?? null,
    isCut: Buffer.byteLength(raw, 'utf8') >= maxBytes - 1,
  }
}
