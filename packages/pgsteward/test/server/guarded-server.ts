// A pgsteward that listens beyond loopback, with a store of its own and targets that do not answer: who may ask needs neither.

import type { FastifyInstance, InjectOptions } from 'fastify'
import { loadConfig } from '../../src/app/config/load-config.ts'
import { Steward } from '../../src/app/steward.ts'
import { Views } from '../../src/app/views.ts'
import { ALL_CHECKS } from '../../src/checks/all.ts'
import { createServer, type ServerOptions } from '../../src/server/create-server.ts'
import { openStore } from '../../src/store/open-store.ts'
import type { Store } from '../../src/store/store.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

export const ADMIN_TOKEN = 'the-admin-token-of-the-test'
export const INGEST_TOKEN = 'the-ingest-token-of-the-test'
export const CALENDAR_TOKEN = 'the-calendar-token-of-the-test'

export interface GuardedServer {
  readonly server: FastifyInstance
  readonly store: Store
  readonly database: TestDatabase
  /** The same store, on another address or with other bounds. */
  readonly also: (options: Partial<ServerOptions>) => Promise<FastifyInstance>
  /** Puts the clock forward. */
  readonly pass: (ms: number) => void
  readonly stop: () => Promise<void>
}

export async function startGuardedServer(over: Partial<ServerOptions> = {}): Promise<GuardedServer> {
  const database = await createDatabase()
  const { config } = await loadConfig({
    checks: ALL_CHECKS,
    cwd: '/',
    env: {},
    flags: {
      targets: ['shop', 'till'].map((id) => ({ id, url: `postgres://nobody@127.0.0.1:1/${id}` })),
      changes: { board: ['ada', 'bob', 'eve'] },
    },
  })
  const store = await openStore({ url: database.url })
  const steward = new Steward(config, store)
  let aheadMs = 0
  const now = () => new Date(Date.now() + aheadMs)
  const also = (options: Partial<ServerOptions>) =>
    createServer({
      views: new Views(steward, now, null),
      adminToken: ADMIN_TOKEN,
      host: '0.0.0.0',
      dashboardDir: null,
      now,
      applications: { ingest: { unplaced: () => [] } as never, token: INGEST_TOKEN },
      logs: { push: {} as never, token: INGEST_TOKEN },
      mcp: {
        tokens: [],
        publicUrl: undefined,
        callsPerMinute: 100,
        version: '0',
        onCall: () => undefined,
      },
      calendarToken: CALENDAR_TOKEN,
      ...options,
    })
  const server = await also(over)
  return {
    server,
    store,
    database,
    also,
    pass: (ms) => {
      aheadMs += ms
    },
    stop: async () => {
      await server.close()
      await steward.stop()
      await database.drop()
    },
  }
}

/** Asks with a token: POST where there is a body. */
export async function ask(
  server: FastifyInstance,
  url: string,
  token: string | null,
  body?: object,
  more: Partial<InjectOptions> = {},
) {
  const { headers, ...rest } = more
  return server.inject({
    method: body === undefined ? 'GET' : 'POST',
    url,
    ...(body === undefined ? {} : { payload: body }),
    headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers },
    ...rest,
  })
}

/** A new token of a role. */
export async function tokenOf(
  server: FastifyInstance,
  wanted: { readonly name: string; readonly role: string; readonly targets?: readonly string[] },
): Promise<string> {
  const made = await ask(server, '/api/admin/tokens', ADMIN_TOKEN, wanted)
  if (made.statusCode !== 201) throw new Error(made.body)
  return (made.json() as { token: string }).token
}
