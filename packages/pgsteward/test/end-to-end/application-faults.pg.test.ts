// The reference application, whole: each of its faults is found under its traffic, by route, model and line where it has them, and is
// over when it is switched off (P3). pgsteward's clock is put forward, so that the ten minutes it judges need not pass.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import {
  APPLICATION_FAULTS,
  type Application,
  DEMO_SETTINGS,
  type FaultId,
  mendFaults,
  monitorUrl,
  prepareDemo,
  startApplication,
} from '../../../../examples/messaging/src/index.ts'
import { loadConfig } from '../../src/app/config/load-config.ts'
import { DEMO_CHECK_OPTIONS } from '../../src/app/demo.ts'
import { createIngest, type Ingest } from '../../src/app/ingest/ingest.ts'
import { Steward } from '../../src/app/steward.ts'
import { textKeeper } from '../../src/app/text-keeper.ts'
import { tick } from '../../src/app/tick.ts'
import { Views } from '../../src/app/views.ts'
import { ALL_CHECKS } from '../../src/checks/all.ts'
import { Collector } from '../../src/collect/collector.ts'
import { ALL_FACTS } from '../../src/facts/all.ts'
import type { OpenFinding } from '../../src/model/open-finding.ts'
import { openSession } from '../../src/postgres/connect.ts'
import { type LocalServer, startLocalServer } from '../../src/postgres/local-server.ts'
import { createServer } from '../../src/server/create-server.ts'
import { openStore } from '../../src/store/open-store.ts'
import type { Store } from '../../src/store/store.ts'

const TARGET = 'messaging'
const TOKEN = 'an-ingest-token-of-some-length'
const ELEVEN_MINUTES = 11 * 60_000

/** The check that finds it, and what its finding says in summary and evidence. */
const SIGNS: Readonly<Record<FaultId, { readonly check: string; readonly says: readonly RegExp[] }>> = {
  'n-plus-one': {
    check: 'repeated-statement',
    says: [/GET \/api\/broadcasts\/:id\/recipients/, /Member\./, /src\/app\/recipients\.ts:\d+/],
  },
  'slow-external-call': {
    check: 'slow-external-call',
    says: [/POST \/api\/conversations\/:id\/messages/, /src\/app\/carrier-client\.ts:\d+/],
  },
  'pool-leak': { check: 'connection-leak', says: [/src\/app\/routes\/reports\.ts:\d+/] },
  'failing-carrier': {
    check: 'failing-external-call',
    says: [/carrier\.send|message\.delivery/, /\/api\/(conversations|broadcasts)/],
  },
  'idle-in-transaction': { check: 'idle-in-transaction', says: [/messaging-report/] },
  'blocking-chain': { check: 'slow-application-query', says: [/src\/app\/jobs\/billing-run\.ts:\d+/] },
  'offset-paging': {
    check: 'deep-offset',
    says: [/GET \/api\/audit-log/, /AuditLog\.findMany/, /src\/app\/routes\/audit-log\.ts:\d+/],
  },
}

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-faults-'))
let database: LocalServer
let store: Store
let steward: Steward
let ingest: Ingest
let server: Awaited<ReturnType<typeof createServer>>
let application: Application
let round: () => Promise<void>
let aheadMs = 0

beforeAll(async () => {
  const now = () => new Date(Date.now() + aheadMs)
  database = await startLocalServer({ dir: join(dir, 'postgres'), settings: DEMO_SETTINGS })
  await prepareDemo(database.url, { scale: 0.1 })
  // what is wrong in the database has tests of its own
  await mendFaults(database.url)
  const url = monitorUrl(database.url)
  store = await openStore({ dir: join(dir, 'store') })
  const { config } = await loadConfig({
    checks: ALL_CHECKS,
    cwd: dir,
    env: {},
    flags: { targets: [{ id: TARGET, url }], checks: DEMO_CHECK_OPTIONS },
  })
  steward = new Steward(config, store)
  ingest = createIngest({ store, config, now })
  server = await createServer({
    views: new Views(steward, now, null),
    adminToken: 'an-admin-token-of-some-length',
    host: '127.0.0.1',
    dashboardDir: null,
    now,
    applications: { ingest, token: TOKEN },
  })
  const endpoint = await server.listen({ host: '127.0.0.1', port: 0 })
  const collector = new Collector({
    target: { id: TARGET, url, labels: {} },
    facts: ALL_FACTS,
    open: (target) => openSession(target.url),
    intervalMs: 600_000,
    everyMs: 1000,
  })
  round = async () => {
    await tick(
      {
        targetId: TARGET,
        collector,
        store,
        keepTexts: textKeeper(TARGET, collector, store),
        checks: steward.selected.checks,
        options: steward.selected.options,
        notify: async () => undefined,
      },
      now(),
      { everything: true },
    )
  }
  application = await startApplication(database.url, {
    faults: true,
    ingest: { endpoint, token: TOKEN },
    requestsPerSecond: 15,
  })
  return async () => {
    await application.stop()
    await server.close()
    await ingest.stop()
    await collector.close()
    await steward.stop()
    await database.stop('immediate')
    rmSync(dir, { recursive: true, force: true })
  }
}, 300_000)
afterAll(() => rmSync(database.dir, { recursive: true, force: true }))

const text = (finding: OpenFinding) =>
  `${finding.summary} ${finding.evidence.map(({ label, value }) => `${label} ${value}`).join('; ')}`

/** Those open findings of the fault's check that say all that they should. */
async function findingsOf(id: FaultId): Promise<readonly OpenFinding[]> {
  const open = await store.findings({ targetId: TARGET, states: ['open'], limit: 1000 })
  const { check, says } = SIGNS[id]
  return open.filter((finding) => finding.checkId === check && says.every((part) => part.test(text(finding))))
}

const PATIENCE = { timeout: 240_000, interval: 3_000 }

test('every fault is described by what finds it', () => {
  expect(Object.keys(SIGNS).sort()).toEqual(APPLICATION_FAULTS.map(({ id }) => id).sort())
})

test('each fault is found, by route, model and line', async () => {
  const missing = new Set(APPLICATION_FAULTS.map(({ id }) => id))
  await vi.waitFor(async () => {
    await round()
    for (const id of missing) if ((await findingsOf(id)).length > 0) missing.delete(id)
    const open = await store.findings({ targetId: TARGET, states: ['open'], limit: 1000 })
    expect([...missing], open.map((each) => `${each.checkId}: ${text(each)}`).join('\n')).toEqual([])
  }, PATIENCE)
  // Prisma writes OFFSET with every list: only the one that is paged by it may be named
  const paged = (await store.findings({ targetId: TARGET, states: ['open'], limit: 1000 })).filter(
    (each) => each.checkId === 'deep-offset',
  )
  expect(paged.filter((each) => !each.summary.includes('GET /api/audit-log'))).toEqual([])
}, 300_000)

test('a statement leads to the Prisma call that sends it, and back', async () => {
  const window = { from: new Date(Date.now() - 600_000), to: new Date(Date.now() + 60_000) }
  // other pages show some of the audit log as well
  const page = (await store.operations(TARGET, window, { kind: 'query' })).find(
    (each) => each.model === 'AuditLog' && each.action === 'findMany' && each.route === 'GET /api/audit-log',
  )
  expect(page).toMatchObject({ application: 'messaging' })
  const [queryId] = await store.queryIdsOf(TARGET, page!.fingerprint!)
  const response = await server.inject({
    url: `/api/v1/targets/${TARGET}/statements/${queryId}?range=1h`,
    headers: { host: '127.0.0.1' },
  })
  expect(response.json()).toMatchObject({
    statement: { queryId },
    callers: expect.arrayContaining([
      expect.objectContaining({
        route: 'GET /api/audit-log',
        model: 'AuditLog',
        action: 'findMany',
        caller: expect.stringMatching(/src\/app\/routes\/audit-log\.ts:\d+$/),
      }),
    ]),
  })
})

test('each fault is over once it is switched off', async () => {
  for (const { id } of APPLICATION_FAULTS) await application.setFault(id, false)
  const visits = () => Object.values(application.counts().visits).reduce((sum, count) => sum + count, 0)
  const before = visits()
  // what was under way when the switch was thrown is told as well, before the clock goes on
  await vi.waitFor(() => expect(visits()).toBeGreaterThan(before + 300), PATIENCE)
  await round()
  aheadMs += ELEVEN_MINUTES
  await vi.waitFor(async () => {
    await round()
    const left = await Promise.all(APPLICATION_FAULTS.map(({ id }) => findingsOf(id)))
    expect(left.flat().map((each) => `${each.checkId}: ${text(each)}`)).toEqual([])
  }, PATIENCE)
}, 300_000)
