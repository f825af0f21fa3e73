// Every question of every dashboard, asked of a real Prometheus that scrapes a real pgsteward; and the alerting rules likewise.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Dashboard, Panel } from '@grafana/schema'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { grafanaDashboards } from '../../src/export/grafana/dashboards.ts'
import { variable } from '../../src/export/grafana/panel.ts'
import { prometheusRules } from '../../src/export/prometheus-rules.ts'
import { run } from '../cli/run.ts'
import { findProgram, promtool, type RunningPrometheus, startPrometheus } from './prometheus.ts'
import { settled, type WatchedShop, watchShop } from './watched-shop.ts'

const SITE = 'https://pgsteward.example.com'
const dashboards = [...grafanaDashboards(SITE)]
const panelsOf = (dashboard: Dashboard) => (dashboard.panels ?? []) as readonly Panel[]
const asked = dashboards.flatMap(([file, dashboard]) =>
  panelsOf(dashboard).flatMap(({ title, targets }) =>
    (targets ?? []).map((target) => ({ file, title, expression: (target as { expr: string }).expr })),
  ),
)
const dir = mkdtempSync(join(tmpdir(), 'pgsteward-grafana-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

test('four dashboards have four panels and more, beside one of findings and alerts (X1)', () => {
  expect(dashboards.map(([file]) => file)).toEqual([
    'pgsteward-overview.json',
    'pgsteward-api-performance.json',
    'pgsteward-message-delivery.json',
    'pgsteward-database.json',
    'pgsteward-billing.json',
  ])
  for (const [, dashboard] of dashboards) expect(panelsOf(dashboard).length).toBeGreaterThanOrEqual(4)
  expect(new Set(dashboards.map(([, { uid }]) => uid)).size).toBe(5)
})

test('panels do not overlap and stay within 24 columns; no datasource is fixed', () => {
  for (const [, dashboard] of dashboards) {
    const taken = new Set<string>()
    for (const { gridPos, datasource } of panelsOf(dashboard)) {
      expect(datasource?.uid).toBe(variable('datasource'))
      for (let x = gridPos!.x; x < gridPos!.x + gridPos!.w; x++)
        for (let y = gridPos!.y; y < gridPos!.y + gridPos!.h; y++) {
          expect(x).toBeLessThan(24)
          expect(taken.has(`${x}/${y}`)).toBe(false)
          taken.add(`${x}/${y}`)
        }
    }
  }
})

test('export grafana writes them, and writing again replaces them', async () => {
  const out = join(dir, 'dashboards')
  for (let times = 0; times < 2; times++) {
    const { exitCode, out: said } = await run('export', 'grafana', '--out', out, '--url', SITE)
    expect([exitCode, said.trim().split('\n').length]).toEqual([0, 5])
  }
  expect(readdirSync(out).sort()).toEqual(dashboards.map(([file]) => file).sort())
  expect(readFileSync(join(out, 'pgsteward-overview.json'), 'utf8')).toContain(SITE)
  const wrong = await run('export', 'grafana', '--out', out, '--url', 'javascript:1')
  expect([wrong.exitCode, wrong.note]).toEqual([2, expect.stringContaining('is no address')])
})

describe.skipIf(findProgram('prometheus') === null || findProgram('promtool') === null)(
  'with a real Prometheus',
  () => {
    let shop: WatchedShop
    let prometheus: RunningPrometheus
    let working: NodeJS.Timeout

    beforeAll(async () => {
      shop = await watchShop()
      await settled(shop)
      await shop.work(10)
      prometheus = await startPrometheus(join(dir, 'prometheus'), shop.address, prometheusRules(SITE))
      working = setInterval(() => void shop.work(10), 1_000)
    })
    afterAll(async () => {
      clearInterval(working)
      await prometheus?.stop()
      await shop?.stop()
    })

    test.each(asked)('$file: "$title" has an answer (X1)', async ({ expression }) => {
      const plain = expression
        .replaceAll('$target', '.*')
        .replaceAll('$application', '.*')
        .replaceAll('$__rate_interval', '1m')
      await vi.waitFor(
        async () => {
          const series = await prometheus.query(plain)
          expect(series.filter(({ value }) => !Number.isNaN(value))).not.toEqual([])
        },
        { timeout: 60_000, interval: 500 },
      )
    })

    test('what variables list is there', async () => {
      const values = async (label: string) => await prometheus.api(`label/${label}/values`)
      expect(await values('target')).toEqual(['shop'])
      expect(await values('application')).toEqual(['storefront'])
    })

    test('the rules are valid, and a finding fires with its subject and its page', async () => {
      const file = join(dir, 'rules.yml')
      writeFileSync(file, prometheusRules(SITE))
      expect(promtool(['check', 'rules', '--lint=all', '--lint-fatal', file])).toContain('5 rules found')
      const open = await shop.steward.store.findings({ targetId: 'shop', states: ['open'] })
      const [finding] = open.filter(({ severity }) => severity === 'warning')
      expect(finding).toBeDefined()
      await vi.waitFor(
        async () => {
          const { alerts } = (await prometheus.api('alerts')) as {
            alerts: readonly { labels: Record<string, string>; annotations: Record<string, string> }[]
          }
          const alert = alerts.find(({ labels }) => labels.key === finding!.key)
          expect(alert?.labels).toMatchObject({ alertname: 'PgstewardWarningFinding', target: 'shop' })
          expect(alert?.annotations.summary).toContain(finding!.checkId)
          const link = alert?.annotations.link
          expect(link?.startsWith(`${SITE}/findings/`)).toBe(true)
        },
        { timeout: 60_000, interval: 500 },
      )
    })

    test('a target that is down fires after two minutes, and pgsteward that is away after five', () => {
      writeFileSync(join(dir, 'rules.yml'), prometheusRules(null))
      const tests = {
        rule_files: ['rules.yml'],
        evaluation_interval: '1m',
        tests: [
          {
            interval: '1m',
            input_series: [{ series: 'pgsteward_target_up{target="shop"}', values: '1 1 0 0 0 0 _x20' }],
            alert_rule_test: [
              { eval_time: '3m', alertname: 'PgstewardTargetDown', exp_alerts: [] },
              {
                eval_time: '4m',
                alertname: 'PgstewardTargetDown',
                exp_alerts: [
                  {
                    exp_labels: { severity: 'critical', target: 'shop' },
                    exp_annotations: {
                      summary: 'shop does not answer',
                      description: 'The last readings of shop failed.',
                    },
                  },
                ],
              },
              { eval_time: '10m', alertname: 'PgstewardAbsent', exp_alerts: [] },
              {
                eval_time: '20m',
                alertname: 'PgstewardAbsent',
                exp_alerts: [
                  {
                    exp_labels: { severity: 'critical' },
                    exp_annotations: {
                      summary: 'pgsteward tells nothing',
                      description:
                        'No Prometheus scrape has brought pgsteward_target_up: nobody watches the databases.',
                    },
                  },
                ],
              },
            ],
          },
        ],
      }
      writeFileSync(join(dir, 'tests.yml'), JSON.stringify(tests))
      expect(promtool(['test', 'rules', join(dir, 'tests.yml')])).toContain('SUCCESS')
    })
  },
)
