// The store's side of alerts: lives of findings as people are told of them, the outbox, and silences.

import type {
  Alert,
  AlertEvent,
  AlertId,
  AlertStep,
  AnsweredAlert,
  DeliveryBatch,
  DeliveryRecord,
  DeliveryResult,
  Silence,
} from '../../model/alert.ts'
import type { Severity } from '../../model/finding.ts'
import type { Milliseconds } from '../../model/units.ts'
import type { StoreDatabase } from '../database.ts'
import type { Names } from '../names.ts'
import { alertEvents, alerts, answeredAlerts, saveSteps } from './alerts.ts'
import { claimBatch, deliveries, finishBatch, giveBack } from './deliveries.ts'
import { claimMailing, finishMailing, type MailingStore } from './mailings.ts'
import { addSilence, endSilence, silences } from './silences.ts'

export interface AlertFilter {
  readonly targetId?: string
  readonly findingKey?: string
  readonly states?: readonly Alert['state'][]
  readonly limit?: number
}

export interface AlertEventRecord {
  readonly at: Date
  readonly event: AlertEvent
  readonly severity: Severity
  readonly actor: string | null
  readonly because: string | null
}

export interface Claim {
  readonly channel: string
  readonly now: Date
  /** A batch that is not finished by then may be claimed again. */
  readonly leaseMs: Milliseconds
  /** Deliveries in a batch at most; 1 for receivers that take one at a time. */
  readonly most: number
}

export interface AlertStore extends MailingStore {
  /** The latest opening first; 1,000 at most where no limit is given. */
  alerts(filter: AlertFilter): Promise<readonly Alert[]>
  /**
   * One transaction: alerts as they are now, their events, and a delivery for each channel. A step whose alert has gone on meanwhile
   * (another process, an acknowledgement) is left out whole; the number of steps that were kept.
   */
  saveAlertSteps(steps: readonly AlertStep[], at: Date): Promise<number>
  alertEvents(id: AlertId): Promise<readonly AlertEventRecord[]>
  /** Critical alerts that were first told of as such since then, the latest first; 10,000 at most. */
  answeredAlerts(since: Date): Promise<readonly AnsweredAlert[]>

  /**
   * The next batch of a channel, its deliveries marked as being sent: of one target, of each finding the oldest that is not done.
   * What is claimed and not finished comes first once its lease has run out. Null: nothing is due.
   */
  claimDeliveries(claim: Claim): Promise<DeliveryBatch | null>
  finishDeliveries(batchId: string, result: DeliveryResult, at: Date): Promise<void>
  /** When nobody else can be sending (the embedded store has one owner): whatever is marked as being sent is due again. */
  giveBackDeliveries(at: Date): Promise<void>
  /** The latest first. */
  deliveries(filter: {
    readonly channel?: string
    readonly finding?: Pick<AlertId, 'targetId' | 'findingKey'>
    readonly states?: readonly DeliveryRecord['state'][]
    readonly limit?: number
  }): Promise<readonly DeliveryRecord[]>

  /** The silence's id. */
  addSilence(silence: Omit<Silence, 'id' | 'endedAt'>): Promise<string>
  /** False: there is none, or it is over already. */
  endSilence(id: string, by: string, at: Date): Promise<boolean>
  /** In force or to come at `at`; or all, the latest 200 first. */
  silences(at: Date | null): Promise<readonly Silence[]>
}

export function alertStore(database: StoreDatabase, names: Names): AlertStore {
  return {
    alerts: (filter) => alerts(database, filter),
    saveAlertSteps: async (steps, at) => {
      if (steps.length === 0) return 0
      const ids = new Map<string, number>()
      for (const { alert } of steps) ids.set(alert.targetId, await names.target(alert.targetId))
      return await database.transaction((tx) => saveSteps(tx, steps, ids, at))
    },
    alertEvents: (id) => alertEvents(database, id),
    answeredAlerts: (since) => answeredAlerts(database, since),
    claimDeliveries: (claim) => database.transaction((tx) => claimBatch(tx, claim)),
    finishDeliveries: (batchId, result, at) => finishBatch(database, batchId, result, at),
    giveBackDeliveries: (at) => giveBack(database, at),
    deliveries: (filter) => deliveries(database, filter),
    addSilence: (silence) => addSilence(database, silence),
    endSilence: (id, by, at) => endSilence(database, id, by, at),
    silences: (at) => silences(database, at),
    claimMailing: (id, now, leaseMs) => claimMailing(database, id, now, leaseMs),
    finishMailing: (id, result, at) => finishMailing(database, id, result, at),
  }
}
