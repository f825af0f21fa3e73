// Locks: waits that log_lock_waits tells of, deadlocks, timeouts, transactions that could not be serialized.

import { deadlockFigures } from './deadlock-detail.ts'
import { holdersOf } from './figures.ts'
import type { LogRule } from './rule.ts'

export const LOCK_RULES: readonly LogRule[] = [
  {
    id: 'lock-waiting',
    area: 'lock',
    severity: 'warning',
    title: 'A session waits for a lock',
    texts: ['process {pid#} still waiting for {lockMode} on {object} after {waitedMs#} ms'],
    figures: ({ detail }) => holdersOf(detail),
  },
  {
    id: 'lock-acquired',
    area: 'lock',
    severity: 'info',
    title: 'A session got its lock after a long wait',
    texts: ['process {pid#} acquired {lockMode} on {object} after {waitedMs#} ms'],
  },
  {
    id: 'lock-wait-failed',
    area: 'lock',
    severity: 'warning',
    title: 'A session gave up waiting for a lock',
    texts: ['process {pid#} failed to acquire {lockMode} on {object} after {waitedMs#} ms'],
  },
  {
    id: 'lock-not-obtained',
    area: 'lock',
    severity: 'info',
    title: 'A lock with NOWAIT was not free (18 on)',
    texts: ['process {pid#} could not obtain {lockMode} on {object}'],
    figures: ({ detail }) => holdersOf(detail),
  },
  {
    id: 'deadlock-found',
    area: 'lock',
    severity: 'warning',
    title: 'The wait that became a deadlock',
    texts: ['process {pid#} detected deadlock while waiting for {lockMode} on {object} after {waitedMs#} ms'],
  },
  {
    id: 'deadlock-avoided',
    area: 'lock',
    severity: 'info',
    title: 'A deadlock was avoided by reordering who waits',
    texts: [
      'process {pid#} avoided deadlock for {lockMode} on {object} by rearranging queue order after {waitedMs#} ms',
    ],
  },
  {
    id: 'deadlock',
    area: 'lock',
    severity: 'warning',
    title: 'A transaction was ended by a deadlock',
    texts: ['deadlock detected'],
    sqlStates: ['40P01'],
    without: ['40P01'],
    figures: ({ detail }) => deadlockFigures(detail),
  },
  {
    id: 'lock-timeout',
    area: 'lock',
    severity: 'warning',
    title: 'A statement waited longer than lock_timeout',
    texts: ['canceling statement due to lock timeout'],
    sqlStates: ['55P03'],
    without: ['55P03'],
  },
  {
    id: 'lock-not-available',
    area: 'lock',
    severity: 'info',
    title: 'NOWAIT met a lock',
    texts: [
      'could not obtain lock on row in relation "{relation}"',
      'could not obtain lock on relation "{relation}"',
    ],
    sqlStates: ['55P03'],
  },
  {
    id: 'lock-not-owned',
    area: 'lock',
    severity: 'warning',
    title: 'A lock was released by a session that does not hold it',
    texts: ["you don't own a lock of type {lockMode}"],
  },
  {
    id: 'serialization-failure',
    area: 'lock',
    severity: 'warning',
    title: 'A serializable transaction must be tried again',
    texts: ['could not serialize access due to read/write dependencies among transactions'],
    sqlStates: ['40001'],
    without: ['40001', '40'],
  },
  {
    id: 'concurrent-update',
    area: 'lock',
    severity: 'warning',
    title: 'A repeatable read transaction met a row that another one changed',
    texts: [
      'could not serialize access due to concurrent update',
      'could not serialize access due to concurrent delete',
      'tuple to be locked was already moved to another partition due to concurrent update',
      'tuple to be deleted was already moved to another partition due to concurrent update',
      'tuple to be merged was already moved to another partition due to concurrent update',
    ],
    sqlStates: ['40001'],
  },
]
