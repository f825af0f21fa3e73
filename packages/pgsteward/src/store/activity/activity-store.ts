// The store's side of activity: what sessions were seen doing, and incidents of blocking.

import type { ActivityMemory, ActivityMinute, BlockingIncident } from '../../model/activity.ts'
import type { SlowQuery } from '../../model/application.ts'
import { consistently, type Sql, type StoreDatabase } from '../database.ts'
import type { Names } from '../names.ts'
import type { Partitions } from '../partitions.ts'
import { insertMinute } from './activity-fold.ts'
import { activityGroups, activityHistory, activityLevels } from './activity-minutes.ts'
import { activitySlowQueries } from './activity-slow-queries.ts'
import { saveActivityTexts, textsOfQueries } from './activity-texts.ts'
import { blockingIncidents, endLostIncidents, saveIncident } from './blocking-incidents.ts'

export interface ActivityStore extends ActivityMemory {
  /** A minute may be saved again and again while it fills; the last one counts. */
  saveActivity(targetId: string, minute: ActivityMinute): Promise<void>
  /** One that has ended is not changed any more. */
  saveIncident(targetId: string, incident: BlockingIncident, seenAt: Date): Promise<void>
  /** Ends those that a process which is gone has left open. */
  endLostIncidents(targetId: string, now: Date): Promise<void>
  /** Texts of statements by query id, literals replaced. */
  saveActivityTexts(targetId: string, texts: ReadonlyMap<string, string>, at: Date): Promise<void>
  /** Returns how many were new: those that the log or an application told of already are left out. */
  saveSeenSlowQueries(targetId: string, slowQueries: readonly SlowQuery[], now: Date): Promise<number>
}

export function activityStore(database: StoreDatabase, names: Names, partitions: Partitions): ActivityStore {
  const saveSeen = activitySlowQueries(database, partitions)
  const ofTarget = async <T>(name: string, empty: T, read: (targetId: number, tx: Sql) => Promise<T>) => {
    const id = await names.knownTarget(name)
    return id === null ? empty : await consistently(database, (tx) => read(id, tx))
  }
  /** 23514: no partition for the row; another process' retention dropped one that was known here. */
  const again = async <T>(write: () => Promise<T>): Promise<T> =>
    await write().catch((error: { code?: string }) => {
      if (error.code !== '23514') throw error
      partitions.forget()
      return write()
    })
  return {
    activityHistory: (targetId, window, by, buckets, filter = {}) =>
      ofTarget(targetId, [], (id, tx) => activityHistory(tx, id, window, by, buckets, filter)),
    activityLevels: (targetId, window, buckets) =>
      ofTarget(targetId, [], (id, tx) => activityLevels(tx, id, window, buckets)),
    activityGroups: (targetId, window, filter = {}) =>
      ofTarget(targetId, { samples: 0, groups: [] }, (id, tx) => activityGroups(tx, id, window, filter)),
    blockingIncidents: (targetId, window) =>
      ofTarget(targetId, [], (id, tx) => blockingIncidents(tx, id, window)),
    saveActivity: async (targetId, minute) => {
      const id = await names.target(targetId)
      await again(async () => {
        await partitions.ensure('activity_minute', minute.at)
        await insertMinute(database, id, minute)
      })
    },
    saveIncident: async (targetId, incident, seenAt) =>
      saveIncident(database, await names.target(targetId), incident, seenAt),
    endLostIncidents: async (targetId, now) => endLostIncidents(database, await names.target(targetId), now),
    saveActivityTexts: async (targetId, texts, at) =>
      saveActivityTexts(database, await names.target(targetId), texts, at),
    textsOfQueries: (targetId, queryIds) =>
      ofTarget(targetId, new Map(), (id, tx) => textsOfQueries(tx, id, queryIds)),
    saveSeenSlowQueries: async (targetId, slowQueries, now) => {
      const id = await names.target(targetId)
      return await again(() => saveSeen(id, slowQueries, now))
    },
  }
}
