// The store's side of PostgreSQL's log: events, counts by class, and how far each source was read.

import type { LogHistoryPoint, LogMemory, LogPosition, LogRecord } from '../../model/log-event.ts'
import type { Window } from '../../model/units.ts'
import { fingerprintTexts } from '../applications/fingerprints.ts'
import { consistently, type Sql, type StoreDatabase } from '../database.ts'
import type { Names } from '../names.ts'
import type { Partitions } from '../partitions.ts'
import { slowQueryGate } from '../statements/slow-query-log.ts'
import { logCounts, logEvent, logEvents, logHistory, logPositions, logSources } from './log-reads.ts'
import { type LogBatch, saveLog } from './log-writes.ts'

export type { KeptLogEvent, LogBatch } from './log-writes.ts'

export interface LogStore extends LogMemory {
  /** One transaction. Events older than their partition's time are the caller's to leave out. */
  saveLog(targetId: string, batch: LogBatch, at: Date): Promise<void>
  /** Counts of all classes by time, a bucket of whole minutes each; `at` is its end. */
  logHistory(targetId: string, window: Window, buckets: number): Promise<readonly LogHistoryPoint[]>
  logEvent(targetId: string, id: string): Promise<LogRecord | null>
  /** How far each source is saved. */
  logPositions(targetId: string): Promise<ReadonlyMap<string, LogPosition>>
}

export interface OpenedLogStore {
  readonly store: LogStore
  /** After retention removed texts. */
  readonly forget: () => void
}

export function logStore(database: StoreDatabase, names: Names, partitions: Partitions): OpenedLogStore {
  const texts = fingerprintTexts()
  const saver = { database, names, partitions, texts, gate: slowQueryGate() }

  const ofTarget = async <T>(name: string, empty: T, read: (targetId: number, tx: Sql) => Promise<T>) => {
    const id = await names.knownTarget(name)
    return id === null ? empty : await consistently(database, (tx) => read(id, tx))
  }

  return {
    forget: () => texts.forget(),
    store: {
      saveLog: (targetId, batch, at) => saveLog(saver, targetId, batch, at),
      logCounts: (targetId, window) => ofTarget(targetId, [], (id, tx) => logCounts(tx, id, window)),
      logHistory: (targetId, window, buckets) =>
        ofTarget(targetId, [], (id, tx) => logHistory(tx, id, window, buckets)),
      logEvents: (targetId, window, filter) =>
        ofTarget(targetId, [], (id, tx) => logEvents(tx, id, window, filter)),
      logEvent: (targetId, eventId) =>
        ofTarget<LogRecord | null>(targetId, null, (id, tx) => logEvent(tx, id, eventId)),
      logSources: (targetId) => ofTarget(targetId, [], (id, tx) => logSources(tx, id)),
      logPositions: (targetId) =>
        ofTarget<ReadonlyMap<string, LogPosition>>(targetId, new Map(), (id, tx) => logPositions(tx, id)),
    },
  }
}
