// A pgsteward that listens on loopback, with a target that has hostile names and an application that reports through the door: what
// the tests of exports scrape.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Instrument, instrumentPg, PerformanceMetrics, startInstrument } from '@pgsteward/instrument'
import pg from 'pg'
import { vi } from 'vitest'
import { loadConfig } from '../../src/app/config/load-config.ts'
import { createIngest } from '../../src/app/ingest/ingest.ts'
import { Steward } from '../../src/app/steward.ts'
import { Views } from '../../src/app/views.ts'
import { ALL_CHECKS } from '../../src/checks/all.ts'
import { createServer } from '../../src/server/create-server.ts'
import { openStore } from '../../src/store/open-store.ts'
import { createDatabase } from '../postgres/database.ts'

const TOKEN = 'a-token-of-some-length'
export const HOSTILE = 'a "quoted"\nback\\slash größe 表'
/** Valid as a route, and hostile as a label. */
export const ROUTE = '/members/:id\\"\n表'

export interface WatchedShop {
  readonly address: string
  readonly views: Views
  readonly steward: Steward
  /** So many requests, deliveries and charges more, saved when it returns. */
  readonly work: (times: number) => Promise<void>
  readonly stop: () => Promise<void>
}

export async function watchShop(): Promise<WatchedShop> {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-exports-'))
  const database = await createDatabase()
  // the embedded store takes longer to begin than all the rest
  const history = await createDatabase()
  await database.run(
    'create extension pg_stat_statements',
    `create table "${HOSTILE.replaceAll('"', '""')}" (id int primary key)`,
    'create table shelf (id bigint primary key, place text)',
    "insert into shelf select i, 'place ' || i from generate_series(1, 5000) i",
    'create table orphan (id int)',
    'insert into orphan select i from generate_series(1, 5000) i',
    'analyze',
  )
  const { config } = await loadConfig({
    checks: ALL_CHECKS,
    cwd: dir,
    env: {},
    flags: {
      targets: [
        { id: 'shop', url: database.monitorUrl, labels: { environment: 'test', 'odd-name': 'x', le: 'y' } },
      ],
      applications: [{ service: 'storefront', target: 'shop' }],
      collect: { every: '1s' },
    },
  })
  const store = await openStore({ url: history.url })
  const steward = new Steward(config, store)
  const views = new Views(steward, () => new Date(), null)
  const ingest = createIngest({
    store,
    config,
    now: () => new Date(),
    onSaved: (targetId, report) => steward.counters.noticeReport(targetId, report),
  })
  const server = await createServer({
    views,
    adminToken: TOKEN,
    host: '127.0.0.1',
    dashboardDir: null,
    now: () => new Date(),
    applications: { ingest, token: TOKEN },
  })
  const endpoint = await server.listen({ host: '127.0.0.1', port: 0 })
  steward.start()
  const instrument: Instrument = startInstrument({
    service: 'storefront',
    endpoint,
    token: TOKEN,
    exportEveryMs: 3_600_000,
  })
  const metrics = new PerformanceMetrics()
  const undo = instrumentPg(pg)
  const pool = new pg.Pool({ connectionString: database.monitorUrl, max: 4 })
  let asking: Promise<unknown> = Promise.resolve()
  const traffic = setInterval(() => {
    asking = asking.then(() => database.query('select place from shelf where id = 7')).catch(() => undefined)
  }, 20)
  return {
    address: endpoint.replace('http://', ''),
    views,
    steward,
    work: async (times) => {
      for (let i = 0; i < times; i++) {
        metrics.recordEndpoint({
          method: 'GET',
          route: ROUTE,
          statusCode: i % 10 === 0 ? 500 : 200,
          durationMs: 40,
        })
        metrics.recordEndpoint({ method: 'POST', route: '/auth/login', statusCode: 200, durationMs: 300 })
        metrics.recordDelivery({ channel: 'sms', durationMs: 900, delivered: i % 10 !== 0 })
        metrics.recordBilling({
          durationMs: 700,
          outcome: i % 10 === 0 ? 'failed' : 'succeeded',
          amount: 1999,
          currency: 'EUR',
        })
        metrics.count('invites')
      }
      await pool.query('select pg_catalog.now()')
      await instrument.flush()
    },
    stop: async () => {
      clearInterval(traffic)
      await asking
      await pool.end()
      undo()
      await instrument.stop()
      await server.close()
      await ingest.stop()
      await steward.stop()
      await database.drop()
      await history.drop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Until statements, findings and sizes of the target were read twice. */
export async function settled({ steward }: WatchedShop): Promise<void> {
  await vi.waitFor(
    async () => {
      const [watcher] = steward.watchers
      const findings = await steward.store.findings({ targetId: 'shop', states: ['open'] })
      if ((watcher?.state.rounds ?? 0) < 3 || findings.length === 0) throw new Error('not yet')
    },
    { timeout: 60_000, interval: 200 },
  )
}
