// The part of the stress story that the application cannot play itself: what happens to the database, and deployments.

import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { AnyFaultId } from '../app/faults.ts'
import { APPLICATION_ROLE, roleUrl, type SuperuserUrl } from '../demo-url.ts'
import { type LockingMigration, startLockingMigration } from './locking-migration.ts'
import { isStale, makeCurrent, makeStale } from './plan-flip.ts'

export interface StoryOptions {
  readonly superuserUrl: SuperuserUrl
  readonly database: string
  /** Another version of the application, with or without `bad-deploy`. */
  readonly deploy: (isBad: boolean) => Promise<void>
  /** How long the report of the plan flip runs well before it flips: what changes must have been seen before. */
  readonly beforeFlipMs: number
}

export interface Story {
  /** Resolves when the fault has broken out, or is over; at once for one that is as asked, or not the story's. */
  readonly set: (id: AnyFaultId, on: boolean) => Promise<void>
  /** Mends what a demo that was stopped left behind. */
  readonly recover: () => Promise<void>
  /** Within moments: what takes longer to mend is left to the next start. Never throws. */
  readonly stop: () => Promise<void>
}

export function createStory({ superuserUrl, database, deploy, beforeFlipMs }: StoryOptions): Story {
  const states = new Map<AnyFaultId, { readonly on: boolean; readonly done: Promise<void> }>()
  let migration: LockingMigration | undefined
  let flip: AbortController | undefined

  const open = async (url: string, applicationName: string): Promise<pg.Client> => {
    const client = new pg.Client({
      connectionString: url,
      application_name: applicationName,
      connectionTimeoutMillis: 5_000,
    })
    client.on('error', () => {}) // the statement in flight rejects too, and that is enough
    await client.connect()
    return client
  }
  const asAdmin = (applicationName: string) => open(superuserUrl(database), applicationName)
  const withAdmin = async (work: (admin: pg.Client) => Promise<unknown>) => {
    const admin = await asAdmin('messaging-upkeep')
    try {
      await work(admin)
    } finally {
      await admin.end()
    }
  }

  const parts: Partial<Record<AnyFaultId, (on: boolean) => Promise<void>>> = {
    'plan-flip': async (on) => {
      flip?.abort()
      flip = new AbortController()
      if (!on) return withAdmin(makeCurrent)
      await sleep(beforeFlipMs, undefined, { signal: flip.signal, ref: false })
      await withAdmin(makeStale)
    },
    'locking-migration': async (on) => {
      await migration?.stop()
      migration = on
        ? startLockingMigration({
            asReport: () => open(roleUrl(superuserUrl, APPLICATION_ROLE, database), 'messaging-report'),
            asMigration: () => asAdmin('messaging-migration'),
          })
        : undefined
    },
    'bad-deploy': deploy,
  }

  return {
    set: (id, on) => {
      const part = parts[id]
      const known = states.get(id)
      if (part === undefined || (known?.on ?? false) === on) return known?.done ?? Promise.resolve()
      const done = part(on)
      done.catch(() => states.delete(id))
      states.set(id, { on, done })
      return done
    },
    recover: () =>
      withAdmin(async (admin) => {
        if (await isStale(admin)) await makeCurrent(admin)
      }),
    stop: async () => {
      flip?.abort()
      await migration?.stop().catch(() => {}) // the server is stopping as well
    },
  }
}
