// The application for tests: on an empty database, with a browser for each member of staff, and what it measured.

import pg from 'pg'
import { readConfiguration } from '../app/configuration.ts'
import type { Metrics } from '../app/metrics.ts'
import { type Served, serve } from '../app/serve.ts'
import { SIGNATURE_HEADER, sign } from '../app/signatures.ts'
import { readMigrations, statementsOf } from '../migrations.ts'

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects
  readonly body: any
  readonly headers: Headers
}

export interface Browser {
  readonly request: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Answer>
  readonly cookie: () => string
}

export interface TestApp extends Served {
  readonly measured: {
    readonly deliveries: Parameters<Metrics['recordDelivery']>[0][]
    readonly charges: Parameters<Metrics['recordBilling']>[0][]
    readonly counts: Map<string, number>
    readonly levels: Map<string, number>
  }
  readonly logged: string[]
  readonly browser: () => Browser
  /** A new church, its owner signed in. */
  readonly register: (name: string) => Promise<Browser>
  /** A webhook as the carrier or the payment provider signs it. */
  readonly webhook: (path: string, body: unknown, secret?: string) => Promise<Answer>
}

const SECRET = 'a secret for the tests'
export const PASSWORD = 'correct horse battery'
export const CONTROL_TOKEN = 'a token for the tests'

/** In place of Prisma Migrate, which takes two seconds. */
export async function migrate(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    for (const migration of readMigrations())
      for (const sql of statementsOf(migration)) await client.query(sql)
  } finally {
    await client.end()
  }
}

/** On a database whose tables are there. `environment`: as main.ts would find it. */
export async function startTestApp(
  databaseUrl: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<TestApp> {
  const measured: TestApp['measured'] = { deliveries: [], charges: [], counts: new Map(), levels: new Map() }
  const logged: string[] = []
  const served = await serve(
    readConfiguration({
      DATABASE_URL: databaseUrl,
      PORT: '0',
      WEBHOOK_SECRET: SECRET,
      CONTROL_TOKEN,
      ...environment,
    }),
    {
      metrics: {
        timeAsync: async (_name, run) => run(),
        recordDelivery: (delivery) => void measured.deliveries.push(delivery),
        recordBilling: (charge) => void measured.charges.push(charge),
        level: (name, value) => void measured.levels.set(name, value),
        count: (name, by = 1) => void measured.counts.set(name, (measured.counts.get(name) ?? 0) + by),
      },
      log: (message, error) => void logged.push(`${message}: ${String(error)}`),
    },
  )
  const browser = () => createBrowser(served.url)
  return {
    ...served,
    measured,
    logged,
    browser,
    register: async (name) => {
      const owner = browser()
      const email = `owner@${name.toLowerCase().replaceAll(' ', '-')}.example`
      const account = { churchName: name, displayName: 'Owner', email, password: PASSWORD }
      const { status, body } = await owner.request('POST', '/api/register', account)
      if (status !== 201) throw new Error(`registering ${name} answered ${status} ${JSON.stringify(body)}`)
      return owner
    },
    webhook: (path, body, secret = SECRET) => {
      const signature = sign(secret, JSON.stringify(body), Date.now())
      return browser().request('POST', path, body, { [SIGNATURE_HEADER]: signature })
    },
  }
}

function createBrowser(url: string): Browser {
  const jar = new Map<string, string>()
  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  return {
    cookie,
    request: async (method, path, body, headers = {}) => {
      const isBytes = body instanceof Uint8Array
      const response = await fetch(url + path, {
        method,
        headers: { cookie: cookie(), ...(isBytes ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined
          ? {}
          : { body: isBytes ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
      })
      // for as long as a test takes: it does not ask how long they live
      for (const given of response.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(given)!
        jar.set(name!, value!)
      }
      const text = await response.text()
      const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
    },
  }
}
