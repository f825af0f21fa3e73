// pgsteward export datadog, as somebody runs it.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { dashboardSchema, monitorSchema } from '../export/strict-datadog.ts'
import { run } from './run.ts'

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-datadog-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
let files = 0
/** Each a file of its own: Node keeps what it has imported. */
const configured = (exports: string) => {
  const file = join(dir, `pgsteward-${++files}.config.ts`)
  writeFileSync(file, `export default { exports: { ${exports} } }\n`)
  return file
}

test('export datadog writes files that Datadog takes, for the services and handles configured (X3)', async () => {
  const config = configured(
    "datadog: { service: 'shop', notify: { finance: '@slack-finance' }, renotify: false }",
  )
  const out = join(dir, 'out')
  const { exitCode, out: said } = await run('export', 'datadog', '--out', out, '--config', config)
  expect(exitCode).toBe(0)
  expect(said.trim().split('\n')).toHaveLength(
    ['monitors', 'dashboards', 'metrics'].flatMap((folder) => readdirSync(join(out, folder))).length,
  )
  const read = (name: string) => JSON.parse(readFileSync(join(out, name), 'utf8'))
  const billing = read('monitors/billing-p95.json')
  expect(monitorSchema.parse(billing)).toBeDefined()
  expect(billing.query).toContain('service:shop AND')
  expect(billing.message).toContain('@slack-finance')
  expect(billing.options.renotify_interval).toBe(0)
  expect(dashboardSchema.parse(read('dashboards/billing.json'))).toBeDefined()
})

test('without a folder it prints one document, of all services where none is configured', async () => {
  const { out } = await run('export', 'datadog', '--config', configured(''))
  const all = JSON.parse(out) as { endpoint: string; body: { query?: string } }[]
  expect(all.filter(({ endpoint }) => endpoint === '/api/v1/monitor')).toHaveLength(11)
  expect(all[0]?.body.query).not.toContain('service:')
})

test('a handle that is none, and an interval that Datadog refuses, are refused with their place', async () => {
  for (const [section, place] of [
    ["notify: { support: 'slack' }", 'exports.datadog.notify.support'],
    ["renotify: '2m'", 'exports.datadog.renotify'],
  ] as const) {
    const { exitCode, note } = await run(
      'export',
      'datadog',
      '--config',
      configured(`datadog: { ${section} }`),
    )
    expect(exitCode).toBe(2)
    expect(note).toContain(place)
  }
})
