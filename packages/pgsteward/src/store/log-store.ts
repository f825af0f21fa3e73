// The store's side of PostgreSQL's log: events, counts by class, and how far each source was read.

import type { LogMemory } from '../model/log-event.ts'
import type { StoreDatabase } from './database.ts'
import type { Names } from './names.ts'
import type { Partitions } from './partitions.ts'

export interface LogStore extends LogMemory {}

export function logStore(_database: StoreDatabase, _names: Names, _partitions: Partitions): LogStore {
  return {
    logCounts: async () => [],
    logEvents: async () => [],
    logSources: async () => [],
  }
}
