// The store's side of advice and of what it brought: binds its subjects to the contract.

import type { StoreDatabase } from '../database.ts'
import type { Names } from '../names.ts'
import type { AdviceStore } from '../store.ts'
import { adviceReader, endLostAdvice, finishAdvice, startAdvice } from './advice-runs.ts'
import { indexChanges, indexEffects, indexesAt, noticeIndexes, saveIndexEffect } from './index-history.ts'

const MOST_EFFECTS = 100

export function adviceStore(database: StoreDatabase, names: Names): AdviceStore {
  const reader = adviceReader()
  const ofTarget = async <T>(name: string, empty: T, read: (targetId: number) => Promise<T>): Promise<T> => {
    const id = await names.knownTarget(name)
    return id === null ? empty : await read(id)
  }
  return {
    startAdvice: async (targetId, at) => startAdvice(database, await names.target(targetId), at),
    finishAdvice: (id, outcome, at) => database.transaction((tx) => finishAdvice(tx, id, outcome, at)),
    endLostAdvice: (startedBefore, because, at) => endLostAdvice(database, startedBefore, because, at),
    latestAdviceRun: (targetId) => ofTarget(targetId, null, (id) => reader.latest(database, id)),
    advice: (targetId) =>
      ofTarget(targetId, { latest: null, done: null }, async (id) => ({
        latest: await reader.latest(database, id),
        done: await reader.done(database, id),
      })),

    noticeIndexes: async (targetId, indexes, at) => {
      const id = await names.target(targetId)
      await database.transaction((tx) => noticeIndexes(tx, id, indexes, at))
    },
    indexChanges: (targetId, window) => ofTarget(targetId, [], (id) => indexChanges(database, id, window)),
    indexesAt: (targetId, at) => ofTarget(targetId, [], (id) => indexesAt(database, id, at)),
    saveIndexEffect: async (effect) => {
      await saveIndexEffect(database, await names.target(effect.targetId), effect)
    },
    indexEffects: (targetId) => ofTarget(targetId, [], (id) => indexEffects(database, id, MOST_EFFECTS)),
  }
}
