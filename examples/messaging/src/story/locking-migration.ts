// The fault `locking-migration`: a report holds its lock on `member` in a long transaction, a migration that wants to add a column waits
// for it, and every request that reads a member queues behind the migration.

import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'

/** Two readings, every ten seconds each, see it. Below the application's statement_timeout. */
const HELD_MS = 26_000
const MIGRATES_AFTER_MS = 1_000
const BETWEEN_MS = 60_000
const MIGRATION = 'alter table member add column if not exists preferred_name text'
const UNDO = 'alter table member drop column if exists preferred_name'

export interface LockingMigration {
  /** Ends the sessions and takes the column away again. */
  readonly stop: () => Promise<void>
}

export interface Sessions {
  readonly asReport: () => Promise<pg.Client>
  readonly asMigration: () => Promise<pg.Client>
}

export function startLockingMigration({ asReport, asMigration }: Sessions): LockingMigration {
  const stopping = new AbortController()
  const { signal } = stopping

  const migrateOnce = async () => {
    const report = await asReport()
    const migration = await asMigration()
    try {
      await report.query('begin')
      await report.query('select church_id, count(*) as members from member group by church_id')
      await sleep(MIGRATES_AFTER_MS, undefined, { signal })
      const migrated = migration.query(MIGRATION)
      migrated.catch(() => {}) // awaited below; stopped meanwhile
      await sleep(HELD_MS, undefined, { signal })
      await report.query('commit')
      await migrated
    } finally {
      await Promise.allSettled([report.end(), migration.end()])
    }
  }
  const running = (async () => {
    while (!signal.aborted) {
      await migrateOnce().catch(() => {}) // stopped, or the database is away
      await sleep(BETWEEN_MS, undefined, { signal }).catch(() => {})
    }
  })()

  return {
    stop: async () => {
      stopping.abort()
      await running
      const admin = await asMigration()
      try {
        await admin.query("set lock_timeout = '2s'")
        await admin.query(UNDO)
      } finally {
        await admin.end()
      }
    },
  }
}
