// What other servers of a cluster tell of an index's use: each counts its own scans.

import type { IndexRow } from '../../facts/indexes.ts'
import type { Replica } from '../../facts/replicas.ts'
import type { ReplicationRow } from '../../facts/replication.ts'
import type { ReplicationSlotRow } from '../../facts/replication-slots.ts'
import type { Skip } from '../../model/check.ts'
import type { Milliseconds } from '../../model/units.ts'

export interface ScansElsewhere {
  /** Standbys that stream from here and are not watched: nobody knows what they scan. */
  readonly unseenStandbys: number
  readonly isScanned: (index: IndexRow) => boolean
}

/** A skip where a replica has not counted for as long as is asked. */
export function scansElsewhere(
  facts: {
    readonly replicas: readonly Replica[]
    readonly replication: readonly ReplicationRow[]
    readonly replicationSlots: readonly ReplicationSlotRow[]
  },
  unusedFor: Milliseconds,
  now: Date,
): ScansElsewhere | Skip {
  const { replicas, replication, replicationSlots } = facts
  for (const { targetId, countedSince } of replicas)
    if (countedSince === null || now.getTime() - countedSince.getTime() < unusedFor)
      return {
        skip: `statistics of ${targetId} count only since ${countedSince?.toISOString() ?? 'unknown'}`,
      }
  const logical = new Set(
    replicationSlots.filter(({ slotType }) => slotType === 'logical').map(({ name }) => name),
  )
  // what only receives WAL (a backup, an archive) replays none
  const standbys = replication.filter(
    ({ slot, unreplayedBytes }) => unreplayedBytes !== null && !(slot !== null && logical.has(slot)),
  )
  const watched = replicas.filter(({ isStandby }) => isStandby)
  const scanned = new Set(
    replicas.flatMap(({ indexes }) =>
      indexes.filter(({ scansSinceReset }) => scansSinceReset > 0).map(keyOf),
    ),
  )
  return {
    unseenStandbys: Math.max(0, standbys.length - watched.length),
    isScanned: (index) => scanned.has(keyOf(index)),
  }
}

const keyOf = ({ schema, name }: IndexRow) => `${schema}.${name}`
