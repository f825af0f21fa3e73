// /metrics as a real Prometheus and its promtool read it.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { otlpRequests } from '../../src/export/otlp-metrics.ts'
import { otlpNameOf } from '../../src/export/otlp-names.ts'
import { findProgram, promtool, type RunningPrometheus, startPrometheus } from './prometheus.ts'
import { metricsBody } from './strict-otlp.ts'
import { HOSTILE, ROUTE, settled, type WatchedShop, watchShop } from './watched-shop.ts'

const isThere = findProgram('prometheus') !== null && findProgram('promtool') !== null
const soon = { timeout: 60_000, interval: 200 }

describe.skipIf(!isThere)('with a real Prometheus', () => {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-prometheus-'))
  let shop: WatchedShop
  let prometheus: RunningPrometheus
  const text = async () => await (await fetch(`http://${shop.address}/metrics`)).text()
  const one = async (expression: string) => (await prometheus.query(expression))[0]?.value

  beforeAll(async () => {
    shop = await watchShop()
    await settled(shop)
    await shop.work(20)
    prometheus = await startPrometheus(dir, shop.address)
  })
  afterAll(async () => {
    await prometheus?.stop()
    await shop?.stop()
    rmSync(dir, { recursive: true, force: true })
  })

  test('promtool has nothing to say of a whole /metrics (X1)', async () => {
    const metrics = await text()
    expect(metrics).toContain('pgsteward_application_request_duration_seconds_bucket')
    expect(metrics).toContain('pgsteward_check_findings')
    expect(promtool(['check', 'metrics'], metrics)).toBe('')
  })

  test('promtool would say something: a counter without _total', () => {
    expect(() => promtool(['check', 'metrics'], '# HELP a b\n# TYPE a counter\na 1\n')).toThrow('_total')
  })

  test('Prometheus scrapes it, and what it has then is what the API says (X1)', async () => {
    await vi.waitFor(async () => {
      expect(await one('up')).toBe(1)
      expect(
        await one('pgsteward_target_up{target="shop",environment="test",odd_name="x",label_le="y"}'),
      ).toBe(1)
      const { targets } = await shop.views.performanceMetrics()
      expect(await one('pgsteward_connections_usable')).toBe(targets[0]!.connections.usable)
      const open = await shop.steward.store.findings({ targetId: 'shop', states: ['open'] })
      expect(await one('sum(pgsteward_check_findings)')).toBe(open.length)
      expect(await one('sum(pgsteward_findings)')).toBe(open.length)
      expect(await one('pgsteward_database_commits_total{database!="other"} > 0')).toBeGreaterThan(0)
      expect(await one('sum(pgsteward_database_statements_total)')).toBeGreaterThan(10)
    }, soon)
  })

  test('names with quotes, line ends, backslashes and letters of all kinds come through as they are', async () => {
    await vi.waitFor(async () => {
      const tables = await prometheus.query('pgsteward_table_size_bytes')
      expect(tables.map(({ metric }) => metric.table)).toContain(HOSTILE)
      const requests = await prometheus.query('pgsteward_application_request_duration_seconds_count')
      expect(requests.map(({ metric }) => metric.route)).toContain(`GET ${ROUTE}`)
    }, soon)
  })

  test('the same over OTLP is strictly valid, and no two metrics have one name', async () => {
    const families = await shop.views.metricFamilies()
    const names = families.map(({ name }) => otlpNameOf(name).name)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
    const at = new Date()
    const told = { resource: {}, version: '1', temporality: 'cumulative', from: at, at } as const
    const bodies = otlpRequests(families, told).map(({ body }) => metricsBody.parse(body))
    expect(JSON.stringify(bodies)).toContain(JSON.stringify(HOSTILE).slice(1, -1))
  })

  test('what applications did is counted, and goes on from where it was', async () => {
    const requests = 'pgsteward_application_request_duration_seconds_count{route="POST /auth/login"}'
    await vi.waitFor(async () => expect(await one(requests)).toBe(20), soon)
    await shop.work(10)
    await vi.waitFor(async () => {
      expect(await one(requests)).toBe(30)
      expect(await one('sum(pgsteward_application_request_errors_total)')).toBe(3)
      const delivered = 'pgsteward_application_deliveries_total{channel="sms",outcome="delivered"}'
      expect(await one(delivered)).toBe(27)
      const amount = 'pgsteward_application_charged_minor_units_total{outcome="succeeded",currency="EUR"}'
      expect(await one(amount)).toBe(27 * 1999)
      expect(await one('pgsteward_application_named_total{name="invites"}')).toBe(30)
    }, soon)
    const p95 = await one(
      'histogram_quantile(0.95, sum by (le) (pgsteward_application_request_duration_seconds_bucket{route="POST /auth/login"}))',
    )
    expect(p95).toBeGreaterThan(0.25)
    expect(p95).toBeLessThanOrEqual(0.5)
  })
})
