// `pgsteward mcp` as clients start it: a process that speaks the protocol over its input and output, from the store or joined to a
// running server.

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ALL_CHECKS } from '../../src/checks/all.ts'
import { track } from '../../src/evaluate/track.ts'
import { openStore } from '../../src/store/open-store.ts'
import { ADMIN_TOKEN, call, type McpService, startMcpService, TOKENS } from './mcp-service.ts'

const PATIENCE = { timeout: 60_000, interval: 100 }
const dir = mkdtempSync(join(tmpdir(), 'pgsteward-mcp-stdio-'))
const bin = resolve(import.meta.dirname, '../../bin/pgsteward.js')
const FROM_STORE = ['mcp', '--store-dir', join(dir, 'store')]
const KEY = 'deadlocks:database/shop'
let service: McpService

beforeAll(async () => {
  service = await startMcpService({ isWatching: false })
  writeFileSync(
    join(dir, 'pgsteward.config.mjs'),
    `export default ${JSON.stringify({ targets: [{ id: 'shop', url: service.database.monitorUrl }] })}`,
  )
  const store = await openStore({ dir: join(dir, 'store') })
  const now = new Date()
  const finding = {
    subject: { kind: 'database', name: 'shop' },
    severity: 'warning',
    summary: 'Transactions deadlocked',
    evidence: [{ label: 'deadlocks', value: 7, unit: 'count' }],
  } as const
  const outcome = { status: 'found', checkId: 'deadlocks', findings: [finding] } as const
  const known = await store.knownFindings('shop', now)
  await store.saveChanges(track('shop', ALL_CHECKS, known, [outcome], now), now)
  await store.close()
})
afterAll(async () => {
  await service?.stop()
  rmSync(dir, { recursive: true, force: true })
})

async function started(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [bin, ...args],
    cwd: dir,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', USER: 'ada', ...env },
    stderr: 'pipe',
  })
  let notes = ''
  transport.stderr?.on('data', (data) => {
    notes += data
  })
  const client = new Client({ name: 'test', version: '1.0.0' })
  await client.connect(transport as Parameters<Client['connect']>[0])
  await client.listTools()
  return { client, notes: () => notes }
}

test('X5 where no server runs it answers from the store, asks the twin of the target, and proposes only when told', async () => {
  const { client, notes } = await started(FROM_STORE)
  try {
    const { data } = await call(client, 'list_findings')
    expect(data).toMatchObject({ total: 1, findings: [{ target: 'shop', key: KEY }] })
    const explained = await call(client, 'explain_query', {
      sql: 'select id from parcel where id = $1',
      parameters: [7],
    })
    expect(explained.text).toContain('parcel_pkey')
    expect((await call(client, 'propose_remedy', { key: KEY })).text).toContain(
      '--scopes read,explain,propose',
    )
    expect(notes()).toMatch(/mcp: ada explain_query answered in \d+ ms\n/)
    expect(notes()).not.toContain('from parcel')
  } finally {
    await client.close()
  }
  const { client: proposing } = await started([...FROM_STORE, '--scopes', 'read,propose'])
  try {
    const why = 'Both transactions take the same rows in another order; sort them.'
    expect((await call(proposing, 'propose_remedy', { key: KEY, why })).isError).toBe(false)
    const { history } = (await call(proposing, 'get_finding', { key: KEY })).data as { history: object[] }
    expect(history.at(-1)).toMatchObject({ transition: 'proposed', actor: 'ada', reason: why })
  } finally {
    await proposing.close()
  }
})

test('X5 standard output carries the protocol alone, whatever comes in, and the end of the input is the end', async () => {
  const child = spawn(process.execPath, [bin, ...FROM_STORE], { cwd: dir, stdio: 'pipe' })
  let [out, notes] = ['', '']
  child.stdout.on('data', (data) => {
    out += data
  })
  child.stderr.on('data', (data) => {
    notes += data
  })
  const ended = new Promise<number | null>((done) => child.once('exit', done))
  const say = (text: string) => child.stdin.write(`${text}\n`)
  say('what is this?')
  say('{"jsonrpc":"2.0"}')
  say('[]')
  say(
    JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
    }),
  )
  say('{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":7}}')
  say('{"jsonrpc":"2.0","id":3,"method":"no/such/method"}')
  say('{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"list_targets","arguments":[1]}}')
  say('{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"list_targets"}}')
  const answers = () =>
    out
      .split('\n')
      .filter((line) => line !== '')
      .map(
        (line) =>
          JSON.parse(line) as { jsonrpc: string; id: number; result?: object; error?: { code: number } },
      )
  await vi.waitFor(
    () =>
      expect(
        answers()
          .map(({ id }) => id)
          .sort(),
        notes,
      ).toEqual([1, 2, 3, 4, 5]),
    PATIENCE,
  )
  const byId = new Map(answers().map((answer) => [answer.id, answer]))
  expect(byId.get(2)!.error).toBeDefined()
  expect(byId.get(3)!.error).toMatchObject({ code: -32_601 })
  expect(byId.get(5)!.result).toMatchObject({ structuredContent: { targets: [{ id: 'shop' }] } })
  child.stdin.end()
  expect(await ended, notes).toBe(0)
  for (const answer of answers()) expect(answer.jsonrpc).toBe('2.0')
})

test('X5 joined to a running server it has the scopes of its token, and survives the restart of the server', async () => {
  const { client } = await started(['mcp', '--server', service.address], {
    PGSTEWARD_MCP_TOKEN: TOKENS.reader.token,
  })
  const { client: admin } = await started(['mcp', '--server', service.address, '--token', ADMIN_TOKEN])
  try {
    expect((await call(client, 'list_targets')).text).toContain('shop')
    expect((await call(client, 'explain_query', { sql: 'select 1' })).text).toContain('no scope explain')
    // the admin token may all; without --scopes it proposes nothing
    expect((await admin.listTools()).tools.map(({ name }) => name)).not.toContain('propose_remedy')
    await service.restart()
    expect((await call(client, 'list_targets')).text).toContain('shop')
    expect((await call(admin, 'get_check_page', { check: 'deadlocks' })).data.id).toBe('deadlocks')
    expect(service.calls.at(-1)).toMatchObject({ by: 'admin', tool: 'get_check_page' })
  } finally {
    await Promise.all([client.close(), admin.close()])
  }
})

test('X5 a token that is not known is told so, and a server that is not there', async () => {
  await expect(
    started(['mcp', '--server', service.address, '--token', 'not-a-token-at-all']),
  ).rejects.toThrow('does not know this token')
  await expect(started(['mcp', '--server', 'http://127.0.0.1:1', '--token', ADMIN_TOKEN])).rejects.toThrow(
    'pgsteward does not answer',
  )
})
