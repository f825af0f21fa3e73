// Background work that a fault switches on. It runs again and again until the fault is switched off.

import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { AnyFaultId, Faults } from '../faults.ts'

export interface JobContext {
  /** A connection of its own under an application_name. */
  readonly open: (applicationName: string) => Promise<pg.Client>
  readonly signal: AbortSignal
}

export type Job = (context: JobContext) => Promise<void>

const RETRY_MS = 500

/** Starts and stops the jobs as their faults are switched. Returns what ends them all, for good. */
export function runJobs(
  jobs: Readonly<Partial<Record<AnyFaultId, Job>>>,
  faults: Faults,
  connectionString: string,
): () => Promise<void> {
  const running = new Map<AnyFaultId, { readonly stop: AbortController; readonly done: Promise<void> }>()

  const start = (id: AnyFaultId) => {
    const job = jobs[id]
    if (job === undefined || running.has(id)) return
    const stop = new AbortController()
    running.set(id, { stop, done: repeat(job, connectionString, stop.signal) })
  }
  const end = async (id: AnyFaultId) => {
    const found = running.get(id)
    running.delete(id)
    found?.stop.abort()
    await found?.done
  }

  for (const id of Object.keys(jobs) as AnyFaultId[]) if (faults.has(id)) start(id)
  faults.onChange((id, on) => (on ? start(id) : void end(id)))
  return async () => {
    await Promise.all([...running.keys()].map(end))
  }
}

async function repeat(job: Job, connectionString: string, signal: AbortSignal): Promise<void> {
  const clients = new Set<pg.Client>()
  const open = async (applicationName: string): Promise<pg.Client> => {
    const client = new pg.Client({
      connectionString,
      application_name: applicationName,
      connectionTimeoutMillis: 5_000,
    })
    client.on('error', () => {}) // the statement in flight rejects too, and that is enough
    await client.connect()
    clients.add(client)
    client.on('end', () => clients.delete(client))
    return client
  }
  while (!signal.aborted) {
    try {
      await job({ open, signal })
    } catch {
      // the database is away, or the fault was switched off
      await sleep(RETRY_MS, undefined, { signal }).catch(() => {})
    }
  }
  await Promise.allSettled([...clients].map((client) => client.end()))
}
