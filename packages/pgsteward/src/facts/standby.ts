// What a standby knows of itself: whether it receives WAL, and how far its replay is behind. No rows on a primary.

import { defineStateFact } from '../model/fact.ts'
import { isTrue, number, numberOrNull, textOrNull } from './column.ts'

/** One row on a standby. */
export interface StandbyRow {
  /** 'streaming', 'starting', ...; null without a WAL receiver: it restores from an archive, or lost its primary. */
  readonly receiverStatus: string | null
  readonly senderHost: string | null
  readonly slot: string | null
  /** WAL that arrived and is not yet replayed. */
  readonly unreplayedBytes: number
  /**
   * Age of the last replayed transaction while WAL waits to be replayed; 0 when all that arrived is replayed. At least the time
   * since its start for a standby that has replayed none since.
   */
  readonly replayDelayMs: number
  /** Since the last message of the primary; null without a receiver. */
  readonly sinceMessageMs: number | null
  readonly isReplayPaused: boolean
}

const STANDBY = `
  select w.status                                       as receiver_status,
         w.sender_host                                  as sender_host,
         w.slot_name                                    as slot,
         greatest(pg_catalog.pg_wal_lsn_diff(p.received, p.replayed), 0) as unreplayed_bytes,
         case when p.received is null or p.received <= p.replayed then 0
              else extract(epoch from pg_catalog.clock_timestamp() - coalesce(pg_catalog.pg_last_xact_replay_timestamp(),
                                                                              pg_catalog.pg_postmaster_start_time())) * 1000
          end                                           as replay_delay_ms,
         extract(epoch from pg_catalog.clock_timestamp() - w.last_msg_receipt_time) * 1000 as since_message_ms,
         pg_catalog.pg_is_wal_replay_paused()           as is_replay_paused
    from (select pg_catalog.pg_last_wal_receive_lsn() as received,
                 pg_catalog.pg_last_wal_replay_lsn() as replayed
           where pg_catalog.pg_is_in_recovery()) p
    left join pg_catalog.pg_stat_wal_receiver w on true`

export const standby = defineStateFact<StandbyRow>({
  id: 'standby',
  title: 'Receiving and replaying of a standby',
  scope: 'cluster',
  everyMs: 30_000,
  needsAllStats: true,
  variants: [{ since: 140000, sql: STANDBY }],
  keyOf: () => 'standby',
  parse: (raw) => ({
    receiverStatus: textOrNull(raw, 'receiver_status'),
    senderHost: textOrNull(raw, 'sender_host'),
    slot: textOrNull(raw, 'slot'),
    unreplayedBytes: number(raw, 'unreplayed_bytes'),
    replayDelayMs: number(raw, 'replay_delay_ms'),
    sinceMessageMs: numberOrNull(raw, 'since_message_ms'),
    isReplayPaused: isTrue(raw, 'is_replay_paused'),
  }),
  series: [
    { name: 'standby.unreplayed', unit: 'bytes', value: (row) => row.unreplayedBytes },
    { name: 'standby.replayDelay', unit: 'ms', value: (row) => row.replayDelayMs },
  ],
})
