// What a hand-off is now, from its entries.

import { StewardError } from '../../model/error.ts'
import { type GovernanceRecord, recordName } from '../../model/governance.ts'
import { type HandOffGiven, handOffAcknowledged, handOffGiven } from './hand-off-entries.ts'

export interface HandOffState extends HandOffGiven {
  readonly name: string
  readonly givenBy: string
  readonly givenAt: Date
  /** null: who takes over has not read it yet. */
  readonly acknowledged: { readonly by: string; readonly at: Date; readonly note: string | null } | null
}

export function handOffState(record: GovernanceRecord): HandOffState {
  const [opening, ...rest] = record.entries
  const end = rest.find(({ action }) => action === 'acknowledged')
  return {
    ...handOffGiven.parse(opening!.body),
    name: recordName(record),
    givenBy: opening!.actor,
    givenAt: opening!.at,
    acknowledged:
      end === undefined
        ? null
        : { by: end.actor, at: end.at, note: handOffAcknowledged.parse(end.body).note },
  }
}

/** Throws 'record-changed' where it was acknowledged. */
export function refuseAcknowledgement({ name, acknowledged }: HandOffState): void {
  if (acknowledged === null) return
  throw new StewardError('record-changed', `${name} is acknowledged`, {
    detail: `${acknowledged.by} did so at ${acknowledged.at.toISOString()}`,
    hint: 'Nothing is left to do. What was missed goes into the next hand-off.',
  })
}
