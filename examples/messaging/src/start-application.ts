// The demo's application with its traffic, on the demo's database.

import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type AnyFaultId, APPLICATION_FAULTS, isFaultId, STORY_FAULTS } from './app/faults.ts'
import { startAppProcess } from './app-process.ts'
import { DEMO_DATABASE } from './demo-settings.ts'
import { APPLICATION_ROLE, roleUrl, type SuperuserUrl } from './demo-url.ts'
import { createStory } from './story/story.ts'
import { createTraffic, type TrafficCounts } from './traffic/traffic.ts'

export interface ApplicationOptions {
  /** Default true: all of APPLICATION_FAULTS. False: none. Or the ids of some; those of STORY_FAULTS have to be named. */
  readonly faults?: boolean | readonly string[]
  /** The pgsteward server that the application reports to. */
  readonly ingest?: { readonly endpoint: string; readonly token: string }
  /** Visits; one is a request or a few, each with about four statements. Default 10. */
  readonly requestsPerSecond?: number
  readonly seed?: number
  /** Default: the demo's. */
  readonly database?: string
  /** Of the fault `plan-flip`: how long its report runs well first. Default a minute. */
  readonly beforeFlipMs?: number
}

export interface Application {
  readonly url: string
  /** Opens /internal/faults of the application. */
  readonly controlToken: string
  readonly counts: () => TrafficCounts
  /** The version that runs. */
  readonly version: () => string
  /**
   * Resolves when the fault has broken out, or is over. Rejects for a fault that does not exist, and while the application does not
   * answer.
   */
  readonly setFault: (id: string, on: boolean) => Promise<void>
  /** Ends the process and every connection, within two seconds. Never throws. */
  readonly stop: () => Promise<void>
}

const REQUESTS_PER_SECOND = 10
const ENDS_WITHIN_MS = 800
const REHEARSED_TIMES = 2
/** What the sessions of the application are called. */
const SESSIONS = [
  'messaging-api',
  'messaging-report',
  'messaging-billing',
  'messaging-usage',
  'messaging-export',
  'messaging-sync',
  'messaging-console',
  'messaging-retention',
]
const BEFORE_FLIP_MS = 60_000

/** Rejects when the database does not answer. */
export async function startApplication(
  superuserUrl: SuperuserUrl,
  options: ApplicationOptions = {},
): Promise<Application> {
  const { traffic, ...application } = await start(superuserUrl, options)
  traffic.start()
  return application
}

/** Each kind of visit a few times: after it, an index that was never scanned is one that nobody needs. */
export async function rehearse(superuserUrl: SuperuserUrl, database: string): Promise<void> {
  const { traffic, stop } = await start(superuserUrl, { database, faults: false })
  try {
    await traffic.rehearse(REHEARSED_TIMES)
  } finally {
    await stop()
  }
}

async function start(superuserUrl: SuperuserUrl, options: ApplicationOptions) {
  const { ingest, requestsPerSecond = REQUESTS_PER_SECOND, seed = 1, database = DEMO_DATABASE } = options
  const databaseUrl = roleUrl(superuserUrl, APPLICATION_ROLE, database)
  const faults = chosenFaults(options.faults)
  const [webhookSecret, controlToken] = [randomBytes(24).toString('hex'), randomBytes(24).toString('hex')]
  // ours to remove: the process may end by force
  const evidenceFolder = mkdtempSync(join(tmpdir(), 'messaging-evidence-'))
  const removeEvidence = () => rm(evidenceFolder, { recursive: true, force: true })
  let minor = 4
  let version = `1.${minor}.0`
  const startVersion = (port: string, isBad: boolean) =>
    startAppProcess(
      {
        EVIDENCE_FOLDER: evidenceFolder,
        DATABASE_URL: databaseUrl,
        PORT: port,
        WEBHOOK_SECRET: webhookSecret,
        CONTROL_TOKEN: controlToken,
        FAULTS: [...faults].filter((id) => id !== 'bad-deploy' || isBad).join(','),
        SEED: String(seed),
        APP_VERSION: version,
        ...(ingest === undefined ? {} : { PGSTEWARD_URL: ingest.endpoint, PGSTEWARD_TOKEN: ingest.token }),
      },
      onFault,
    )
  const story = createStory({
    superuserUrl,
    database,
    beforeFlipMs: options.beforeFlipMs ?? BEFORE_FLIP_MS,
    deploy: async (isBad) => {
      if (isBad) minor += 1
      version = `1.${minor}.${isBad ? 0 : 1}`
      await app.stop(ENDS_WITHIN_MS)
      app = await startVersion(new URL(url).port, isBad)
    },
  })
  // also what somebody switches at the application itself
  const onFault = (id: AnyFaultId, on: boolean) => {
    if (on) faults.add(id)
    else faults.delete(id)
    story.set(id, on).catch(() => {}) // told by setFault; nobody waits for what was switched there
  }
  let app = await startVersion('0', false).catch(async (error) => {
    await removeEvidence()
    throw error
  })
  const { url } = app
  const stopApp = async () => {
    await Promise.all([story.stop(), app.stop(ENDS_WITHIN_MS)])
    await Promise.all([endSessions(superuserUrl(database), database), removeEvidence()])
  }
  try {
    await story.recover()
    for (const id of faults) onFault(id, true)
    const traffic = await createTraffic({
      url,
      databaseUrl,
      webhookSecret,
      requestsPerSecond,
      seed,
      hasFault: (id) => faults.has(id),
    })
    return {
      url,
      controlToken,
      traffic,
      counts: traffic.counts,
      version: () => version,
      setFault: async (id: string, on: boolean) => {
        if (!isFaultId(id)) throw new Error(`there is no fault "${id}"`)
        await switchFault(url, controlToken, id, on)
        onFault(id, on)
        await story.set(id, on)
      },
      stop: async () => {
        await Promise.all([traffic.stop(), stopApp()])
      },
    }
  } catch (error) {
    await stopApp()
    throw error
  }
}

function chosenFaults(faults: ApplicationOptions['faults'] = true): Set<AnyFaultId> {
  if (typeof faults === 'boolean') return new Set(faults ? APPLICATION_FAULTS.map(({ id }) => id) : [])
  const unknown = faults.find((id) => !isFaultId(id))
  if (unknown !== undefined) throw new Error(`there is no fault "${unknown}"`)
  return new Set(
    [...APPLICATION_FAULTS, ...STORY_FAULTS].map(({ id }) => id).filter((id) => faults.includes(id)),
  )
}

async function switchFault(url: string, token: string, id: AnyFaultId, on: boolean): Promise<void> {
  const response = await fetch(`${url}/internal/faults/${id}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ on }),
    signal: AbortSignal.timeout(5_000),
  })
  if (!response.ok) throw new Error(`switching the fault "${id}" answered ${response.status}`)
}

/** A session that waits for a lock does not see that its client left: the server has to end it. */
async function endSessions(superuserUrl: string, database: string): Promise<void> {
  const admin = new pg.Client({ connectionString: superuserUrl, connectionTimeoutMillis: 500 })
  admin.on('error', () => {}) // the server is stopping as well
  try {
    await admin.connect()
    await admin.query(
      `select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity
        where datname = $1 and usename = $2 and application_name = any ($3)`,
      [database, APPLICATION_ROLE, SESSIONS],
    )
    await admin.end()
  } catch {
    // no server, no sessions
  }
}
