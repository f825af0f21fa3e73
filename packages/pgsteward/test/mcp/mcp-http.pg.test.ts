// The tools over Streamable HTTP, asked by the SDK's own client on a real PostgreSQL: what each answers, who may ask what, and what
// becomes of bad input.

import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ADMIN_TOKEN, call, connectClient, type McpService, startMcpService, TOKENS } from './mcp-service.ts'

// a token asks 120 times a minute at most
const PATIENCE = { timeout: 240_000, interval: 1_500 }
/** It begins after all other tests that run at the same time. */
const LONG_MS = 300_000
const BY_SHOP = 'select id, note from parcel where shop_id = 7 order by sent_at desc limit 10'
let service: McpService
let agent: Client
let queryId: string

beforeAll(async () => {
  service = await startMcpService()
  agent = await connectClient(service.address, TOKENS.writer.token)
  await vi.waitFor(async () => {
    for (let i = 0; i < 20; i++) await service.database.query(BY_SHOP)
    const { data } = await call(agent, 'list_statements', { target: 'shop', search: 'from parcel where' })
    const [first] = data.statements as { queryId: string }[]
    expect(first).toBeDefined()
    queryId = first!.queryId
  }, PATIENCE)
}, LONG_MS)
afterAll(async () => {
  await agent?.close()
  await service?.stop()
})

test('X5 the list of tools is what agents build on: names, scopes, schemas', async () => {
  const { tools } = await agent.listTools()
  expect(
    tools.map(({ name, inputSchema, outputSchema, annotations }) => ({
      name,
      takes: Object.keys(inputSchema.properties ?? {}),
      answers: Object.keys(outputSchema?.properties ?? {}),
      isReadOnly: annotations?.readOnlyHint,
      isDestructive: annotations?.destructiveHint,
    })),
  ).toMatchSnapshot()
  for (const { inputSchema, description } of tools) {
    expect(inputSchema.additionalProperties).toBe(false)
    expect(description!.length).toBeLessThan(500)
  }
})

test('X5 each tool that reads answers as its schema says', async () => {
  const targets = await call(agent, 'list_targets')
  expect(targets.text).toContain('shop is up')
  expect(JSON.stringify(targets.data)).not.toContain('a-secret')

  await vi.waitFor(
    async () =>
      expect(
        (await call(agent, 'list_findings', { target: 'shop', check: 'invalid-index' })).data.total,
      ).toBe(1),
    PATIENCE,
  )
  const { data } = await call(agent, 'list_findings', { target: 'shop', check: 'invalid-index' })
  const [{ key }] = data.findings as [{ key: string }]
  const finding = await call(agent, 'get_finding', { target: 'shop', key })
  expect(finding.data).toMatchObject({
    finding: { checkId: 'invalid-index', remedy: { sql: expect.any(Array) } },
    check: { page: expect.stringContaining('## How to fix it') },
  })
  expect((await call(agent, 'get_check_page', { check: 'invalid-index' })).data.page).toContain(
    '## What it means',
  )

  const statement = await call(agent, 'get_statement', { target: 'shop', query_id: queryId, plan: true })
  expect(statement.data).toMatchObject({ statement: { queryId, text: expect.stringContaining('$1') } })
  expect(statement.text).toMatch(/calls of .* in the last 1h/)
  const changed = await call(agent, 'list_statements', { target: 'shop', by: 'changed' })
  expect(changed.isError).toBe(false)

  const tables = await call(agent, 'list_tables', { target: 'shop', by: 'size' })
  expect((tables.data.tables as { name: string }[]).map(({ name }) => name)).toEqual(['parcel', 'broken'])
  const table = await call(agent, 'get_table', { target: 'shop', table: 'broken' })
  expect(table.data).toMatchObject({
    indexes: [{ name: 'broken_id', isValid: false }],
    findings: [{ checkId: 'invalid-index' }],
  })
  expect((await call(agent, 'list_slow_queries', { target: 'shop' })).data).toMatchObject({
    hasSource: false,
  })
  expect((await call(agent, 'list_alerts', { target: 'shop' })).isError).toBe(false)
  expect((await call(agent, 'advise', { target: 'shop' })).data).toMatchObject({
    status: 'never',
    indexes: [],
  })
})

test('X5 the twin explains and tries indexes on the captured workload, and tells how it goes', async () => {
  const steps: string[] = []
  const explained = await agent.callTool(
    { name: 'explain_query', arguments: { target: 'shop', sql: BY_SHOP } },
    undefined,
    { timeout: 170_000, onprogress: ({ message }) => steps.push(message ?? '') },
  )
  expect(explained.structuredContent).toMatchObject({ parameters: 'none', twin: { notes: [] } })
  expect(steps).toContain('planning')
  expect(steps.length).toBeGreaterThan(2)

  const tried = await call(agent, 'what_if_index', {
    target: 'shop',
    indexes: ['create index by_shop on parcel (shop_id, sent_at desc)'],
  })
  expect(tried.text).toMatch(/^cost a minute falls from .* by_shop \(.*\) would serve \d/)
  expect(tried.data).toMatchObject({ indexes: [{ name: 'by_shop', table: 'public.parcel' }], dearer: 0 })
  const captured = tried.data.statements as { id: string; after: { indexes: string[] } }[]
  expect(captured.find(({ id }) => id === queryId)?.after.indexes).toEqual(['by_shop'])
  const one = await call(agent, 'what_if_index', {
    target: 'shop',
    hide: ['parcel_sent'],
    sql: 'select * from parcel where sent_at > $1',
    parameters: ['2026-02-04'],
  })
  expect(one.text).toMatch(/^cost rises/)
})

test('X5 a proposal stands in the finding for people, and changes nothing else', async () => {
  const { data } = await call(agent, 'list_findings', { target: 'shop', check: 'invalid-index' })
  const [{ key }] = data.findings as [{ key: string }]
  const proposed = await call(agent, 'propose_remedy', {
    target: 'shop',
    key,
    why: 'The build failed on a duplicate; remove it, then build again.',
    sql: [
      'drop index concurrently broken_id;',
      'delete from broken where ctid = (select min(ctid) from broken)',
    ],
  })
  expect(proposed.data).toMatchObject({ state: 'open', proposal: { by: 'writer' } })
  const { history } = (await call(agent, 'get_finding', { target: 'shop', key })).data as {
    history: { transition: string; actor: string; reason: string }[]
  }
  expect(history.at(-1)).toMatchObject({
    transition: 'proposed',
    actor: 'writer',
    reason: expect.stringContaining('drop index concurrently broken_id;'),
  })
  expect(await service.database.query('select count(*)::int as rows from broken')).toEqual([{ rows: 2 }])
  expect(await service.database.query("select to_regclass('broken_id') is not null as there")).toEqual([
    { there: true },
  ])
})

test('X5 pages go on where the one before ended', async () => {
  const first = await call(agent, 'list_tables', { target: 'shop', limit: 1 })
  expect(first.data).toMatchObject({ total: 2, nextCursor: '1', tables: [{ name: 'parcel' }] })
  const second = await call(agent, 'list_tables', { target: 'shop', limit: 1, cursor: '1' })
  expect(second.data).toMatchObject({ nextCursor: null, tables: [{ name: 'broken' }] })
})

test.each([
  ['a tool that is not there', 'list_findngs', {}, 'Did you mean list_findings?'],
  ['an argument that is not known', 'list_tables', { target: 'shop', order: 'size' }, 'order'],
  ['an argument of the wrong kind', 'list_tables', { target: 'shop', limit: 'many' }, 'limit: '],
  ['an argument out of bounds', 'list_tables', { target: 'shop', limit: 100_000 }, 'limit: '],
  ['a missing argument', 'get_finding', { target: 'shop' }, 'key: '],
  ['no target where there are two', 'list_tables', {}, 'Give target: shop, elsewhere.'],
  ['a target that is not there', 'list_tables', { target: 'nowhere' }, 'there is no target "nowhere" here'],
  ['a cursor of somebody else', 'list_tables', { target: 'shop', cursor: 'abc' }, 'is none of ours'],
  [
    'a range that is none',
    'list_statements',
    { target: 'shop', range: 'yesterday' },
    'Write it as 15m, 1h or 7d.',
  ],
  [
    'a finding that is not there',
    'get_finding',
    { target: 'shop', key: "x'; drop table y" },
    'there is no finding',
  ],
  ['a statement that did not run', 'get_statement', { target: 'shop', query_id: '1' }, 'did not run'],
  ['a query id that is none', 'get_statement', { target: 'shop', query_id: '1 or 1=1' }, 'query_id: '],
  ['a table that is not there', 'get_table', { target: 'shop', table: 'parcels' }, 'Did you mean parcel?'],
  ['a page that is not there', 'get_check_page', { check: '../../package' }, 'there is no check'],
  ['several statements', 'explain_query', { target: 'shop', sql: 'select 1; select 2' }, '2 statements'],
  ['a text that is too long', 'explain_query', { target: 'shop', sql: 'x'.repeat(100_001) }, 'sql: '],
  [
    'values that are too few',
    'explain_query',
    { target: 'shop', sql: 'select $1::int + $2', parameters: [1] },
    '2 parameters',
  ],
  [
    'an index that is none',
    'what_if_index',
    { target: 'shop', indexes: ['drop table parcel'], sql: 'select 1' },
    'not one CREATE INDEX',
  ],
  [
    'an index on nothing',
    'what_if_index',
    { target: 'shop', indexes: ['create index on parcell (id)'], sql: 'select 1' },
    'Did you mean parcel?',
  ],
  ['no index at all', 'what_if_index', { target: 'shop', sql: 'select 1' }, 'which index?'],
  [
    'a migration that is none',
    'review_migration',
    { target: 'shop', sql: '-- nothing' },
    'holds no statement',
  ],
  ['a psql command in a migration', 'review_migration', { target: 'shop', sql: '\\i other.sql' }, 'psql'],
  [
    'a target that is down',
    'explain_query',
    { target: 'elsewhere', sql: 'select 1' },
    'refused the connection',
  ],
] as const)(
  'X5 %s is an error that says what to do, and the server lives on',
  async (_, tool, args, words) => {
    const { isError, text } = await call(agent, tool, args)
    expect(text).toContain(words)
    expect(isError).toBe(true)
    expect(text).not.toMatch(/a-secret|bug in pgsteward/)
  },
)

test('X5 a token sees its targets and uses its scopes, and no more', async () => {
  const reader = await connectClient(service.address, TOKENS.reader.token)
  const stranger = await connectClient(service.address, TOKENS.stranger.token)
  try {
    const { tools } = await reader.listTools()
    expect(tools.map(({ name }) => name)).not.toContain('explain_query')
    expect(await call(reader, 'explain_query', { sql: 'select 1' })).toMatchObject({
      isError: true,
      text: expect.stringContaining('"reader" may not use explain_query: it has no scope explain'),
    })
    // the only one that it sees need not be named
    expect((await call(reader, 'list_tables')).data.total).toBe(2)
    const { data } = await call(stranger, 'list_targets')
    expect((data.targets as { id: string }[]).map(({ id }) => id)).toEqual(['elsewhere'])
    for (const tool of ['list_tables', 'list_findings', 'list_alerts', 'list_statements', 'advise'])
      expect((await call(stranger, tool, { target: 'shop' })).text).toContain(
        'there is no target "shop" here',
      )
    const { findings } = (await call(stranger, 'list_findings')).data as { findings: { target: string }[] }
    expect(findings.filter(({ target }) => target !== 'elsewhere')).toEqual([])
  } finally {
    await Promise.all([reader.close(), stranger.close()])
  }
})

test('X5 a session may ask for less than its token may', async () => {
  const careful = await connectClient(service.address, ADMIN_TOKEN, '?scopes=read')
  try {
    expect((await careful.listTools()).tools.map(({ name }) => name)).not.toContain('propose_remedy')
    expect((await call(careful, 'propose_remedy', {})).text).toContain('no scope propose')
  } finally {
    await careful.close()
  }
})

const post = (headers: Record<string, string>, body: unknown = {}) =>
  fetch(new URL('/mcp', service.address), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: JSON.stringify(body),
  })
const GREETING = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
}
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

test('X5 without a token, from another site, or under another name nobody is heard', async () => {
  const none = await post({}, GREETING)
  expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="pgsteward"'])
  expect((await post(bearer('wrong'), GREETING)).status).toBe(401)
  expect((await post({ ...bearer(ADMIN_TOKEN), origin: 'https://evil.example.com' }, GREETING)).status).toBe(
    403,
  )
  expect((await post({ ...bearer(ADMIN_TOKEN), origin: 'null' }, GREETING)).status).toBe(403)
  const own = await post({ ...bearer(ADMIN_TOKEN), origin: 'http://localhost:5173' }, GREETING)
  expect(own.status).toBe(200)
  expect(own.headers.get('x-content-type-options')).toBe('nosniff')
  await own.body?.cancel()
})

test("X5 a session is its token's alone, and one that is not known is told to begin anew", async () => {
  const begun = await post(bearer(ADMIN_TOKEN), GREETING)
  const id = begun.headers.get('mcp-session-id')!
  await begun.body?.cancel()
  const list = { jsonrpc: '2.0', id: 2, method: 'tools/list' }
  const own = await post({ ...bearer(ADMIN_TOKEN), 'mcp-session-id': id }, list)
  expect(own.status).toBe(200)
  await own.body?.cancel()
  expect((await post({ ...bearer(TOKENS.reader.token), 'mcp-session-id': id }, list)).status).toBe(404)
  expect((await post({ ...bearer(ADMIN_TOKEN), 'mcp-session-id': 'nothing' }, list)).status).toBe(404)
  expect((await post(bearer(ADMIN_TOKEN), list)).status).toBe(400)
  expect((await post(bearer(ADMIN_TOKEN), 'no message')).status).toBe(400)
})

test('X5 of many sessions of one token the least used gives way', async () => {
  const ids: string[] = []
  for (let i = 0; i < 11; i++) {
    const begun = await post(bearer(TOKENS.hasty.token), GREETING)
    ids.push(begun.headers.get('mcp-session-id')!)
    await begun.body?.cancel()
  }
  const statusOf = async (id: string) => {
    const ping = { jsonrpc: '2.0', id: 3, method: 'ping' }
    const response = await post({ ...bearer(TOKENS.hasty.token), 'mcp-session-id': id }, ping)
    await response.body?.cancel()
    return response.status
  }
  expect([await statusOf(ids[0]!), await statusOf(ids[10]!)]).toEqual([404, 200])
})

test('X5 a token that asks in a loop is slowed down, and others are not', async () => {
  const hasty = await connectClient(service.address, TOKENS.hasty.token)
  try {
    let last = await call(hasty, 'get_check_page', { check: 'deadlocks' })
    for (let i = 0; i < 200 && !last.isError; i++)
      last = await call(hasty, 'get_check_page', { check: 'deadlocks' })
    expect(last.text).toMatch(/"hasty" asked 120 times within a minute; the next call is answered in \d+ s/)
    expect((await call(agent, 'list_targets')).isError).toBe(false)
  } finally {
    await hasty.close()
  }
})

test('X5 a migration is reviewed with the captured workload', async () => {
  const reviewed = await call(agent, 'review_migration', {
    target: 'shop',
    sql: 'alter table parcel alter column shop_id type bigint;',
  })
  expect(reviewed.data).toMatchObject({
    findings: expect.arrayContaining([expect.objectContaining({ rule: 'blocking-lock' })]),
    statements: [
      { locks: [{ table: 'public.parcel', mode: 'access exclusive' }], work: [{ kind: 'rewrite' }] },
    ],
  })
})

test('X5 a question that is given up is ended, and the next one answered', async () => {
  const stop = new AbortController()
  const asked = agent.callTool(
    { name: 'review_migration', arguments: { target: 'shop', sql: 'alter table parcel add column x int' } },
    undefined,
    { signal: stop.signal, timeout: 170_000, onprogress: () => stop.abort('enough') },
  )
  await expect(asked).rejects.toThrow('enough')
  await vi.waitFor(
    () => expect(service.calls.at(-1)).toMatchObject({ tool: 'review_migration', outcome: 'refused' }),
    PATIENCE,
  )
  // by another process, which has no twin yet and needs none for that
  expect((await call(agent, 'explain_query', { target: 'shop', sql: 'select 1; select 2' })).text).toContain(
    '2 statements',
  )
})

test('X5 checks and guides are resources, and ways of working are prompts', async () => {
  const { resources } = await agent.listResources()
  expect(resources.map(({ uri }) => uri)).toEqual(
    expect.arrayContaining(['pgsteward://checks/deadlocks', 'pgsteward://guides/alerts']),
  )
  const { contents } = await agent.readResource({ uri: 'pgsteward://checks/deadlocks' })
  expect((contents[0] as { text: string }).text).toContain('## How to fix it')
  await expect(agent.readResource({ uri: 'pgsteward://guides/..%2F..%2Fpackage' })).rejects.toThrow(
    'there is no guide',
  )
  const { prompts } = await agent.listPrompts()
  expect(prompts.map(({ name }) => name)).toEqual(['investigate_slow_route', 'review_migration'])
  const { messages } = await agent.getPrompt({
    name: 'investigate_slow_route',
    arguments: { route: 'GET /orders/:id' },
  })
  expect((messages[0]!.content as { text: string }).text).toContain('"GET /orders/:id"')
})

test('X5 every call is in the log by who, what and where, and no text of SQL is', () => {
  expect(service.calls).toContainEqual(
    expect.objectContaining({ by: 'writer', tool: 'explain_query', target: 'shop', outcome: 'answered' }),
  )
  expect(service.calls).toContainEqual(
    expect.objectContaining({ by: 'reader', tool: 'explain_query', outcome: 'not permitted' }),
  )
  expect(service.calls.filter(({ outcome }) => outcome === 'failed')).toEqual([])
  expect(JSON.stringify(service.calls)).not.toMatch(/order by sent_at|a-secret/)
})

test('X5 nothing that was asked reached the target: its own statistics say so', async () => {
  await service.database.flushStatistics()
  const seen = await service.database.query<{ query: string }>(
    `select query from pg_stat_statements s join pg_database d on d.oid = s.dbid
      where d.datname = current_database() and s.userid = 'test_monitor'::regrole`,
  )
  expect(seen.length).toBeGreaterThan(10)
  for (const { query } of seen) {
    expect(query).not.toMatch(/shop_id type bigint|by_shop|parcels|sent_at >/i)
    expect(query).toMatch(/\/\* pgsteward:|^(begin|set|show|commit|rollback|explain)/i)
  }
  expect(
    await service.database.query(
      'select count(*)::int as rows, max(pg_typeof(shop_id)::text) as type from parcel',
    ),
  ).toEqual([{ rows: 50_000, type: 'integer' }])
})
