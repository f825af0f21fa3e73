// The store's side of activity: what sessions were seen doing, and incidents of blocking.

import type { ActivityMemory } from '../model/activity.ts'
import type { StoreDatabase } from './database.ts'
import type { Names } from './names.ts'
import type { Partitions } from './partitions.ts'

export interface ActivityStore extends ActivityMemory {}

export function activityStore(
  _database: StoreDatabase,
  _names: Names,
  _partitions: Partitions,
): ActivityStore {
  return {
    activityHistory: async () => [],
    activityGroups: async () => ({ samples: 0, groups: [] }),
    blockingIncidents: async () => [],
  }
}
