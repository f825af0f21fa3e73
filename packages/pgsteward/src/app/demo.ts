// The demo: a local PostgreSQL 18 with the reference application's database, the application itself under traffic, and faults to
// find in both.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StewardError } from '../model/error.ts'
import { startLocalServer } from '../postgres/local-server.ts'

export interface DemoOptions {
  readonly dir: string
  readonly scale?: number
  readonly faults?: boolean
  /** Incidents that break out once the first readings are there, by id. */
  readonly story?: readonly string[]
  readonly fresh?: boolean
  readonly signal: AbortSignal
  readonly onProgress: (text: string) => void
}

/** Where the application reports to. */
export interface Reporting {
  readonly endpoint: string
  readonly token: string
}

export interface Demo {
  /** As the monitoring role: what is watched. */
  readonly url: string
  /** As its owner: what maintenance works with. */
  readonly maintenanceUrl: string
  /** What the server logs. */
  readonly logFile: string
  /** Starts the application and its traffic; it stops with the demo. */
  readonly startApplication: (reporting: Reporting) => Promise<DemoApplication>
  readonly stop: () => Promise<void>
}

export interface DemoApplication {
  readonly url: string
  /** Holds the token that switches faults at PUT /internal/faults/ID. */
  readonly tokenFile: string
}

/** What the reference application's package offers. It is a package of its own: Prisma and PostgreSQL are not for everybody. */
interface ExamplePackage {
  readonly DEMO_SETTINGS: Readonly<Record<string, string>>
  readonly STORY_FAULTS: readonly { readonly id: string }[]
  readonly prepareDemo: (
    superuserUrl: (database?: string) => string,
    options: {
      scale?: number
      signal?: AbortSignal
      onProgress?: (progress: { step: string; done: number; of: number }) => void
    },
  ) => Promise<void>
  readonly monitorUrl: (superuserUrl: (database?: string) => string) => string
  readonly startApplication: (
    superuserUrl: (database?: string) => string,
    options: { faults: boolean; ingest: Reporting },
  ) => Promise<RunningApplication>
  readonly mendFaults: (superuserUrl: (database?: string) => string) => Promise<void>
  readonly plantFaults: (superuserUrl: (database?: string) => string) => Promise<void>
}

interface RunningApplication {
  readonly url: string
  readonly controlToken: string
  readonly setFault: (id: string, on: boolean) => Promise<void>
  readonly stop: () => Promise<void>
}

/** An incident is told from how it was before: readings of a minute and a half. */
const STORY_AFTER_MS = 90_000

/** Cold: a minute for the cluster and a million rows; warm: seconds. Throws 'demo-unavailable' with the reason. */
export async function startDemo({
  dir,
  scale,
  faults = true,
  story = [],
  fresh = false,
  signal,
  onProgress,
}: DemoOptions): Promise<Demo> {
  const example = await loadExample()
  refuseUnknown(
    story,
    example.STORY_FAULTS.map(({ id }) => id),
  )
  if (fresh) rmSync(dir, { recursive: true, force: true })
  onProgress('starting PostgreSQL 18')
  const server = await startLocalServer({ dir: join(dir, 'postgres'), settings: example.DEMO_SETTINGS })
  try {
    await example.prepareDemo(server.url, {
      ...(scale === undefined ? {} : { scale }),
      signal,
      onProgress: ({ step, done, of }) => onProgress(`${step} (${done} of ${of})`),
    })
    if (!faults) await example.mendFaults(server.url)
    let application: RunningApplication | undefined
    let outbreak: NodeJS.Timeout | undefined
    return {
      url: example.monitorUrl(server.url),
      maintenanceUrl: server.url(new URL(example.monitorUrl(server.url)).pathname.slice(1)),
      logFile: join(server.dir, 'server.log'),
      startApplication: async (ingest) => {
        const started = await example.startApplication(server.url, { faults, ingest })
        application = started
        outbreak = setTimeout(() => {
          // one that fails to break out leaves the demo as it is
          for (const id of story) started.setFault(id, true).catch(() => {})
        }, STORY_AFTER_MS)
        mkdirSync(dir, { recursive: true })
        const tokenFile = join(dir, 'control-token')
        writeFileSync(tokenFile, started.controlToken, { mode: 0o600 })
        return { url: started.url, tokenFile }
      },
      stop: async () => {
        clearTimeout(outbreak)
        await application?.stop()
        await server.stop()
      },
    }
  } catch (error) {
    await server.stop()
    throw error
  }
}

function refuseUnknown(story: readonly string[], known: readonly string[]): void {
  const unknown = story.find((id) => !known.includes(id))
  if (unknown !== undefined)
    throw new StewardError('usage', `there is no fault ${unknown}`, { hint: `Known: ${known.join(', ')}.` })
}

async function loadExample(): Promise<ExamplePackage> {
  // not a dependency: found where somebody has installed it, as the repository has
  const name = '@pgsteward/example-messaging'
  try {
    return (await import(name)) as ExamplePackage
  } catch (error) {
    throw new StewardError('demo-unavailable', 'the application of the demo is not installed', {
      detail: (error as Error).message,
      hint: 'npm install @pgsteward/example-messaging (Express, Prisma and a PostgreSQL 18), or clone the repository and run npm start.',
      cause: error,
    })
  }
}

/**
 * The demo's database is minutes old and a thousandth of a real one, so what elsewhere takes weeks of statistics, minutes of
 * waiting or large tables is judged sooner here. Everything else keeps its defaults.
 */
export const DEMO_CHECK_OPTIONS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'unused-index': { unusedFor: '10s' },
  'idle-in-transaction': { warnAfter: '30s' },
  'slow-statement': { warnMean: '15ms', minCalls: 5 },
  'temp-file-spill': { minPerCall: '128kB', minCalls: 3 },
  'stale-statistics': { minAge: '0s' },
  'offset-paging': { minBlocks: 300, minCalls: 5 },
}

/** Faster than a real target needs: a visitor should not wait a minute for the first numbers. */
export const DEMO_COLLECT = { every: '10s' } as const

/** Two minutes of traffic hold each kind of visit; a real target's first quarter of an hour says more. */
export const DEMO_ADVISE = { firstAfter: '2m' } as const

/** Nobody is called: they have no channels. */
export const DEMO_TEAM = {
  anna: { name: 'Anna Weber', timeZone: 'Europe/Berlin' },
  ben: { name: 'Ben Okafor', timeZone: 'Africa/Lagos' },
  jane: { name: 'Jane Whitfield', timeZone: 'America/New_York' },
  kofi: { name: 'Kofi Mensah', timeZone: 'America/Chicago' },
  mei: { name: 'Mei Tanaka', timeZone: 'Asia/Tokyo' },
} as const

/** Weeks in Europe; on working days the Americas have their own daylight. */
export const DEMO_ON_CALL = {
  timeZone: 'Europe/Berlin',
  rotations: [
    {
      name: 'Americas',
      people: ['jane', 'kofi'],
      since: '2026-01-05',
      timeZone: 'America/New_York',
      hours: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '12:00', to: '20:00' }],
    },
    { name: 'Europe', people: ['anna', 'ben', 'mei'], since: '2026-01-05' },
  ],
  escalation: { l3: { people: ['anna', 'jane'] }, executive: { people: ['kofi'], after: '30m' } },
} as const

/** At any time, and nothing by itself: the planted faults are there to be found, and approved by whoever tries it. */
export const DEMO_MAINTENANCE = {
  windows: [{ from: '00:00', to: '00:00' }],
  analyze: false,
  vacuum: false,
  rebuild: false,
} as const
