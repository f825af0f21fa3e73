// A secret in each field of the configuration that may hold one comes out nowhere: no answer of the API or of a tool, no metric, no output of a command,
// no line of the log, nothing in the store (D2). All addresses are on this machine and refuse, so that errors are told of each.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { loadConfig } from '../../src/app/config/load-config.ts'
import { Steward } from '../../src/app/steward.ts'
import { Views } from '../../src/app/views.ts'
import { ALL_CHECKS } from '../../src/checks/all.ts'
import { ALL_TOOLS } from '../../src/mcp/all-tools.ts'
import { createServer } from '../../src/server/create-server.ts'
import { ROUTE_ACCESS } from '../../src/server/route-access.ts'
import { openStore } from '../../src/store/open-store.ts'
import type { Store } from '../../src/store/store.ts'
import { run } from '../cli/run.ts'
import { connectClient } from '../mcp/mcp-service.ts'
import { toolArguments } from '../mcp/tool-arguments.ts'
import { openFinding } from '../notify/alert-rows.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

const planted = new Map<string, string>()
/** Each of its own, so that what comes out says where it was. */
function secret(field: string): string {
  // 32 characters, as an integration key of PagerDuty
  const value = `hush${String(planted.size).padStart(4, '0')}${'q7x2'.repeat(6)}`
  planted.set(field, value)
  return value
}

const REFUSES = '127.0.0.1:1'
const CONFIG = {
  targets: [
    {
      id: 'shop',
      url: `postgres://reader:${secret('targets.url')}@${REFUSES}/shop?sslmode=disable`,
      maintenanceUrl: `postgres://writer:${secret('targets.maintenanceUrl')}@${REFUSES}/shop`,
    },
    { url: `postgres://reader:${secret('targets.url, without an id')}@${REFUSES}/till` },
  ],
  server: {
    publicUrl: 'https://steward.example',
    adminToken: secret('server.adminToken'),
    token: secret('server.token'),
    ingestToken: secret('server.ingestToken'),
  },
  mcp: { tokens: [{ name: 'agent', token: secret('mcp.tokens') }] },
  team: { a: { name: 'A', timeZone: 'UTC' }, b: { name: 'B', timeZone: 'UTC' } },
  onCall: {
    rotations: [{ people: ['a', 'b'], since: '2026-01-01' }],
    calendarToken: secret('onCall.calendarToken'),
  },
  alerts: {
    channels: {
      chat: { type: 'slack', url: `http://${REFUSES}/services/${secret('slack.url')}` },
      pager: {
        type: 'pagerduty',
        routingKey: secret('pagerduty.routingKey'),
        url: `http://${REFUSES}/v2/enqueue`,
      },
      genie: { type: 'opsgenie', apiKey: secret('opsgenie.apiKey'), url: `http://${REFUSES}` },
      mail: {
        type: 'email',
        smtp: `smtp://u:${secret('email.smtp')}@${REFUSES}`,
        from: 'a@b.example',
        to: 'c@d.example',
      },
      hook: {
        type: 'webhook',
        url: `http://${REFUSES}/${secret('webhook.url')}`,
        secret: secret('webhook.secret'),
      },
    },
  },
  probes: [
    {
      name: 'health',
      target: 'shop',
      every: '5s',
      url: `http://${REFUSES}/health?key=${secret('probes.url')}`,
      headers: { authorization: `Bearer ${secret('probes.headers')}` },
    },
  ],
  exports: {
    otlp: { endpoint: `http://${REFUSES}`, headers: { 'api-key': secret('exports.otlp.headers') } },
    sentry: { dsn: `http://${secret('exports.sentry.dsn')}@${REFUSES}/42` },
  },
}
const SECRETS = [...planted]
const leaksIn = (text: string) => SECRETS.filter(([, value]) => text.includes(value)).map(([field]) => field)

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-secrets-'))
const file = join(dir, 'pgsteward.config.mjs')
let database: TestDatabase
let storeUrl: string
beforeAll(async () => {
  database = await createDatabase()
  const url = new URL(database.url)
  storeUrl = url.href
  writeFileSync(file, `export default ${JSON.stringify({ ...CONFIG, store: { url: storeUrl } })}`)
})
afterAll(async () => {
  rmSync(dir, { recursive: true, force: true })
  await database.drop()
})

/** Every tool of coding agents with what it takes, also with what makes it fail, and every page and prompt. */
async function leaksOfTools(address: string, store: Store): Promise<readonly string[]> {
  const at = new Date()
  const finding = openFinding({ targetId: 'shop', firstSeenAt: at, openedAt: at, lastSeenAt: at })
  await store.saveChanges([{ transition: 'opened', finding }], at)
  const client = await connectClient(address, CONFIG.server.adminToken)
  const leaks: string[] = []
  const answered = new Set<string>()
  const look = (where: string, answer: unknown) =>
    leaks.push(...leaksIn(JSON.stringify(answer)).map((field) => `${where}: ${field}`))
  try {
    for (const { name } of ALL_TOOLS)
      for (const target of ['shop', '127.0.0.1:1/till', 'nowhere']) {
        const sent = toolArguments(target, finding.key)[name] as Record<string, unknown>
        const answer = await client.callTool({ name, arguments: sent })
        look(name, answer)
        if (answer.isError !== true) answered.add(name)
      }
    expect([...answered]).toEqual(expect.arrayContaining(['list_targets', 'get_finding', 'propose_remedy']))
    look('tools', await client.listTools())
    const { resources } = await client.listResources()
    for (const { uri } of resources) look(uri, await client.readResource({ uri }))
    look('prompts', await client.listPrompts())
  } finally {
    await client.close()
  }
  return leaks
}

test('the running server tells none, and keeps none', async () => {
  const { config } = await loadConfig({ checks: ALL_CHECKS, cwd: dir, env: {}, file })
  const said: string[] = []
  const store = await openStore({ url: storeUrl })
  const steward = new Steward(config, store, {
    onAlertTrouble: (text) => said.push(text),
    onFailure: (_, error) => said.push(String(error), JSON.stringify(error), String((error as Error).cause)),
  })
  const views = new Views(steward, () => new Date(), null)
  const server = await createServer({
    views,
    adminToken: config.server.adminToken!,
    host: '0.0.0.0',
    dashboardDir: null,
    now: () => new Date(),
    calendarToken: config.onCall?.calendarToken,
    mcp: {
      tokens: config.mcp.tokens.map(({ scopes, targets = null, ...token }) => ({
        ...token,
        scopes: new Set(scopes),
        targets,
      })),
      callsPerMinute: 1000,
      publicUrl: undefined,
      version: '0',
      onCall: (call) => said.push(JSON.stringify(call)),
    },
  })
  const ask = (method: 'GET' | 'POST', url: string, payload?: object) =>
    server.inject({
      method,
      url,
      headers: { authorization: `Bearer ${config.server.adminToken}` },
      ...(payload === undefined ? {} : { payload }),
    })
  steward.start()
  try {
    await vi.waitFor(
      async () => {
        expect(said.length).toBeGreaterThan(0)
        const availability = await ask('GET', '/api/v1/availability?target=shop')
        expect(availability.body).toContain('it refused the connection')
      },
      { timeout: 30_000, interval: 100 },
    )
    for (const channel of Object.keys(CONFIG.alerts.channels)) {
      const tried = await ask('POST', '/api/v1/alerts/test', { channel })
      expect(tried.json(), tried.body).toMatchObject({ isSent: false })
      expect(leaksIn(tried.body)).toEqual([])
    }
    const leaks: string[] = []
    for (const route of Object.keys(ROUTE_ACCESS)) {
      const [method, path] = route.split(' ') as ['GET' | 'POST', string]
      const url = path.replace(':target', 'shop').replaceAll(/:\w+/g, 'x')
      const answer = await ask(
        method,
        method === 'GET' ? `${url}?target=shop` : url,
        method === 'GET' ? undefined : {},
      )
      leaks.push(
        ...leaksIn(`${answer.body}${JSON.stringify(answer.headers)}`).map((field) => `${route}: ${field}`),
      )
    }
    leaks.push(...(await leaksOfTools(await server.listen({ port: 0, host: '127.0.0.1' }), store)))
    expect(leaks).toEqual([])
    expect(leaksIn(said.join('\n'))).toEqual([])
  } finally {
    await server.close()
    await steward.stop()
  }
  const kept = await database.query<{ name: string }>(
    "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname like 'pgsteward%'",
  )
  expect(kept.length).toBeGreaterThan(20)
  for (const { name } of kept) {
    const rows = await database.query(`select t::text as row from ${name} t`)
    expect(leaksIn(JSON.stringify(rows)), name).toEqual([])
  }
})

test.each([
  ['config'],
  ['config', '--json'],
  ['doctor', CONFIG.targets[0]!.url],
  ['check', CONFIG.targets[0]!.url],
  ['check', CONFIG.targets[0]!.url, '--json'],
  ['twin', 'explain', '--url', CONFIG.targets[0]!.url],
  ['verify', CONFIG.targets[0]!.url, '--json'],
  ['alerts', 'test', 'chat'],
  ['alerts', 'test', 'mail'],
  ['findings', '--json'],
  ['availability'],
  ['token', 'list', '--json'],
  ['audit', '--json'],
  ['oncall', 'now', '--json'],
  ['export', 'grafana', '--out', join(dir, 'grafana')],
  ['export', 'prometheus-rules'],
  ['check', 'postgres:/typo:hush0000q7x2q7x2q7x2q7x2q7x2q7x2@nowhere'],
])('pgsteward %s tells none', async (...args: string[]) => {
  const isOfUrl = args.some((each) => each.startsWith('postgres:'))
  const { out, note } = await run(...args, ...(isOfUrl ? [] : ['--config', file]))
  expect(out + note).not.toBe('')
  expect(leaksIn(out + note)).toEqual([])
})

test('a configuration that is wrong is told without its secrets', async () => {
  const wrong = join(dir, 'wrong.config.mjs')
  writeFileSync(
    wrong,
    `export default ${JSON.stringify({
      ...CONFIG,
      server: { adminToken: planted.get('server.adminToken'), tokenn: planted.get('server.token') },
      targets: [{ ...CONFIG.targets[0], statementTimeout: 'soon' }],
      probes: [{ ...CONFIG.probes[0], url: `ftp://u:${planted.get('probes.url')}@${REFUSES}` }],
      alerts: { channels: { hook: { ...CONFIG.alerts.channels.hook, url: planted.get('webhook.url') } } },
    })}`,
  )
  const { exitCode, out, note } = await run('config', '--config', wrong)
  expect(exitCode).toBe(2)
  expect(note).toContain('probes')
  expect(leaksIn(out + note)).toEqual([])
})
