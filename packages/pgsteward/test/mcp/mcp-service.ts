// A pgsteward over a shop's database with a fault, served over HTTP to coding agents: for tests with the SDK's own client.

import { mkdtempSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { loadConfig } from '../../src/app/config/load-config.ts'
import { Steward } from '../../src/app/steward.ts'
import { Views } from '../../src/app/views.ts'
import { ALL_CHECKS } from '../../src/checks/all.ts'
import type { McpCall } from '../../src/mcp/call-tool.ts'
import type { McpScope } from '../../src/model/mcp-scope.ts'
import { createServer } from '../../src/server/create-server.ts'
import { openStore } from '../../src/store/open-store.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

export const ADMIN_TOKEN = 'an-admin-token-of-some-length'
export const TOKENS = {
  reader: { token: 'a-reader-token-of-some-length', scopes: ['read'], targets: ['shop'] },
  writer: { token: 'a-writer-token-of-some-length', scopes: ['read', 'explain', 'propose'], targets: null },
  stranger: { token: 'a-stranger-token-of-some-length', scopes: ['read'], targets: ['elsewhere'] },
  hasty: { token: 'a-hasty-token-of-some-length', scopes: ['read'], targets: null },
} as const satisfies Record<
  string,
  { token: string; scopes: readonly McpScope[]; targets: readonly string[] | null }
>

export interface McpService {
  readonly database: TestDatabase
  readonly steward: Steward
  readonly address: string
  readonly calls: McpCall[]
  /** Another server on the same port, which knows nothing of the sessions before. */
  readonly restart: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** Two targets: `shop`, with an index that a failed build left behind, and `elsewhere`, which can't be reached. */
export async function startMcpService({ isWatching = true } = {}): Promise<McpService> {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-mcp-'))
  const database = await createDatabase()
  // a store on a server: an embedded one works in this process, which has an agent to answer
  const history = await createDatabase()
  await database.run(
    'create extension pg_stat_statements',
    'create table parcel (id bigint primary key, shop_id int not null, sent_at timestamptz not null, note text)',
    `insert into parcel select i, i % 1000, timestamptz '2026-01-01' + i * interval '1 minute', repeat('n', 50)
       from generate_series(1, 50000) i`,
    'create index parcel_sent on parcel (sent_at)',
    'create table broken (id int)',
    'insert into broken values (1), (1)',
    'vacuum analyze parcel, broken',
    'grant select on parcel, broken to test_monitor',
  )
  await database.run('create unique index concurrently broken_id on broken (id)').catch(() => undefined)
  const { config } = await loadConfig({
    checks: ALL_CHECKS,
    cwd: dir,
    env: {},
    flags: {
      targets: [
        { id: 'shop', url: database.monitorUrl },
        { id: 'elsewhere', url: 'postgres://nobody:a-secret@127.0.0.1:1/none' },
      ],
      collect: { every: '3s' },
      activity: { enabled: false },
      plans: { enabled: false },
      advise: { enabled: false },
    },
  })
  const steward = new Steward(config, await openStore({ url: history.url }), {
    cacheDir: join(homedir(), '.cache', 'pgsteward'),
  })
  if (isWatching) steward.start()
  const calls: McpCall[] = []
  const now = () => new Date()
  const serve = () =>
    createServer({
      views: new Views(steward, now, resolve(import.meta.dirname, '../../../../docs')),
      adminToken: ADMIN_TOKEN,
      host: '127.0.0.1',
      dashboardDir: null,
      now,
      mcp: {
        tokens: Object.entries(TOKENS).map(([name, { token, scopes, targets }]) => ({
          name,
          token,
          scopes: new Set<McpScope>(scopes),
          targets,
        })),
        callsPerMinute: 120,
        publicUrl: 'https://pgsteward.example.com',
        version: '0.0.0',
        onCall: (call) => calls.push(call),
      },
    })
  let server = await serve()
  const address = await server.listen({ port: 0, host: '127.0.0.1' })
  return {
    database,
    steward,
    address,
    calls,
    restart: async () => {
      await server.close()
      server = await serve()
      await server.listen({ port: Number(new URL(address).port), host: '127.0.0.1' })
    },
    stop: async () => {
      await server.close()
      await steward.stop()
      await database.drop()
      await history.drop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

export async function connectClient(address: string, token: string, query = ''): Promise<Client> {
  const client = new Client({ name: 'test', version: '1.0.0' })
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`/mcp${query}`, address), {
      requestInit: { headers: { authorization: `Bearer ${token}` } },
    }) as Parameters<Client['connect']>[0],
  )
  // from now on the client holds every answer against the tool's output schema
  await client.listTools()
  return client
}

export interface ToolAnswer {
  readonly isError: boolean
  readonly text: string
  readonly data: Record<string, unknown>
}

/** The first text, which is for reading, and the structured content. */
export async function call(client: Client, name: string, args: object = {}): Promise<ToolAnswer> {
  const result = await client.callTool({ name, arguments: args as Record<string, unknown> }, undefined, {
    timeout: 170_000,
  })
  const [first] = result.content as { readonly text: string }[]
  return {
    isError: result.isError === true,
    text: first?.text ?? '',
    data: (result.structuredContent ?? {}) as Record<string, unknown>,
  }
}
