// How far a database is from the ages that matter, in time: for transaction ids and for multixact ids.

import type { DatabaseAgeRow } from '../../facts/database-ages.ts'
import { type SettingRow, settingNamed } from '../../facts/settings.ts'
import type { TransactionIdRates } from '../../facts/transaction-id-rates.ts'
import type { TransactionIdsRow } from '../../facts/transaction-ids.ts'
import type { Interval } from '../../model/fact.ts'
import type { Milliseconds } from '../../model/units.ts'
import { STOP_AT } from './wraparound.ts'

export interface IdRates extends Omit<TransactionIdRates, 'hours'> {
  /** Of the last day; null: measured over the interval. */
  readonly hours: number | null
}

/** Of a day where it is known, else of the interval; null: of neither. */
export function idRates(
  day: TransactionIdRates | null,
  { rows: [row], seconds }: Interval<TransactionIdsRow>,
): IdRates | null {
  if (day !== null) return day
  if (row === undefined || seconds <= 0) return null
  return {
    transactionIdsPerSecond: row.transactionIds / seconds,
    multixactIdsPerSecond: row.multixactIds / seconds,
    hours: null,
  }
}

export interface IdHorizon {
  readonly word: 'transaction' | 'multixact'
  /** The column of its age, of databases and of tables. */
  readonly of: 'frozenXidAge' | 'multixactAge'
  readonly setting: string
  /** Above 0. */
  readonly perSecond: number
  readonly age: number
  /** Age at which the vacuum against wraparound starts. */
  readonly dueAge: number
  /** Until then; negative: it is late. */
  readonly dueInMs: Milliseconds
  /** Until the server refuses writes. */
  readonly stopInMs: Milliseconds
}

/** Of the kinds of ids that are used at all. */
export function idHorizons(
  database: DatabaseAgeRow,
  rates: IdRates,
  settings: readonly SettingRow[],
): readonly IdHorizon[] {
  const kinds = [
    {
      word: 'transaction',
      of: 'frozenXidAge',
      setting: 'autovacuum_freeze_max_age',
      builtIn: 200_000_000,
      perSecond: rates.transactionIdsPerSecond,
    },
    {
      word: 'multixact',
      of: 'multixactAge',
      setting: 'autovacuum_multixact_freeze_max_age',
      builtIn: 400_000_000,
      perSecond: rates.multixactIdsPerSecond,
    },
  ] as const
  return kinds
    .filter(({ perSecond }) => perSecond > 0)
    .map(({ builtIn, ...kind }) => {
      const age = database[kind.of]
      const dueAge = Number(settingNamed(settings, kind.setting)?.value ?? builtIn)
      const inMs = (limit: number): Milliseconds => ((limit - age) / kind.perSecond) * 1000
      return { ...kind, age, dueAge, dueInMs: inMs(dueAge), stopInMs: inMs(STOP_AT) }
    })
}
