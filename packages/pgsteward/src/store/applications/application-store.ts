// The application's side of the store: binds its subjects to the contract.

import { consistently, type Sql, type StoreDatabase } from '../database.ts'
import type { Names } from '../names.ts'
import type { Partitions } from '../partitions.ts'
import {
  slowQueries,
  slowQueryCounts,
  slowQueryGate,
  slowQueryGroups,
  slowQueryRates,
} from '../statements/slow-query-log.ts'
import type { ApplicationStore } from '../store.ts'
import { operationNames } from './application-names.ts'
import { saveReport } from './application-reports.ts'
import { applications } from './applications.ts'
import { fingerprintTexts, queryIdsOf, textOfFingerprint } from './fingerprints.ts'
import { foldOperations } from './operation-intervals.ts'
import { operationHistory, operations } from './operations.ts'
import { repeats } from './repeated-statements.ts'

export interface OpenedApplicationStore {
  readonly store: ApplicationStore
  /** After retention removed names. */
  readonly forget: () => void
}

export function applicationStore(
  database: StoreDatabase,
  names: Names,
  partitions: Partitions,
): OpenedApplicationStore {
  const known = operationNames()
  const texts = fingerprintTexts()
  const saver = { database, names, partitions, operations: known, texts, gate: slowQueryGate() }

  const ofTarget = async <T>(name: string, empty: T, read: (targetId: number, tx: Sql) => Promise<T>) => {
    const id = await names.knownTarget(name)
    return id === null ? empty : await consistently(database, (tx) => read(id, tx))
  }

  return {
    forget: () => {
      known.forget()
      texts.forget()
    },
    store: {
      saveReport: async (targetId, report, at) => {
        const applicationId = await saveReport(saver, targetId, report, at)
        if (applicationId !== null) await foldOperations(database, partitions, applicationId, at)
      },
      applications: (targetId, window) => ofTarget(targetId, [], (id, tx) => applications(tx, id, window)),
      operations: (targetId, window, filter) =>
        ofTarget(targetId, [], (id, tx) => operations(tx, id, window, filter)),
      operationHistory: (targetId, application, operation, window, buckets) =>
        ofTarget(targetId, [], (id, tx) => operationHistory(tx, id, application, operation, window, buckets)),
      repeats: (targetId, window) => ofTarget(targetId, [], (id, tx) => repeats(tx, id, window)),
      textOfFingerprint: (fingerprint) => textOfFingerprint(database, fingerprint),
      queryIdsOf: (targetId, fingerprint) =>
        ofTarget(targetId, [], (id, tx) => queryIdsOf(tx, id, fingerprint)),
      slowQueries: (targetId, window, filter) =>
        ofTarget(targetId, [], (id, tx) => slowQueries(tx, id, window, filter)),
      slowQueryGroups: (targetId, window, filter) =>
        ofTarget(targetId, [], (id, tx) => slowQueryGroups(tx, id, window, filter)),
      slowQueryRates: (targetId, window) =>
        ofTarget(targetId, { slow: 0, critical: 0 }, (id, tx) => slowQueryRates(tx, id, window)),
      slowQueryCounts: (targetId, window) =>
        ofTarget(targetId, { kept: 0, dropped: 0 }, (id, tx) => slowQueryCounts(tx, id, window)),
    },
  }
}
