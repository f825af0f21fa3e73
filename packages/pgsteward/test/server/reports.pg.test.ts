// Reports over the API: listed, as data and as files, and made when asked for.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadConfig } from '../../src/app/config/load-config.ts'
import { Steward } from '../../src/app/steward.ts'
import { Views } from '../../src/app/views.ts'
import { ALL_CHECKS } from '../../src/checks/all.ts'
import { reportsWire } from '../../src/model/report-wire.ts'
import { createServer } from '../../src/server/create-server.ts'
import { openStore } from '../../src/store/open-store.ts'
import { MADE_REPORTS } from '../report/made-reports.ts'

const NOW = new Date('2026-11-23T12:00:00Z')
const dir = mkdtempSync(join(tmpdir(), 'pgsteward-report-routes-'))
let steward: Steward
let server: FastifyInstance

beforeAll(async () => {
  writeFileSync(join(dir, 'pgsteward.config.ts'), 'export default {}')
  const store = await openStore({ dir: join(dir, 'store') })
  await store.keepReport('2026-W47', MADE_REPORTS.weekly)
  await store.keepReport('2026-10', MADE_REPORTS.optimization)
  const { config } = await loadConfig({
    checks: ALL_CHECKS,
    cwd: dir,
    env: {},
    flags: {
      targets: [{ id: 'shop', url: 'postgres://nobody@127.0.0.1:1/shop' }],
      alerts: { channels: { team: { type: 'slack', url: 'https://hooks.example.com/x' } } },
      reports: { timeZone: 'Europe/Berlin', weekly: { at: 'Mon 09:00', channels: ['team'] }, monthly: false },
    },
  })
  steward = new Steward(config, store, {
    buildReport: async (kind, targetId, name) => ({
      ...MADE_REPORTS.daily,
      kind,
      targetId,
      title: `of ${name}`,
    }),
  })
  server = await createServer({
    views: new Views(steward, () => NOW, null),
    adminToken: 'a-token-of-some-length',
    host: '127.0.0.1',
    dashboardDir: null,
    now: () => NOW,
  } as Parameters<typeof createServer>[0])
})
afterAll(async () => {
  await server.close()
  await steward.stop()
  rmSync(dir, { recursive: true, force: true })
})

const get = (path: string) => server.inject({ url: `/api/v1/reports${path}`, headers: { host: 'localhost' } })
const post = (payload: object) =>
  server.inject({ method: 'POST', url: '/api/v1/reports', payload, headers: { host: 'localhost' } })

test('lists what was made and when more comes (R3)', async () => {
  const list = reportsWire.parse((await get('?target=shop')).json())
  expect(list.reports.map(({ kind, name, status }) => [kind, name, status])).toEqual([
    ['weekly', '2026-W47', 'green'],
    ['optimization', '2026-10', 'yellow'],
  ])
  expect(list.schedule.map(({ kind }) => kind)).toEqual(['daily', 'weekly', 'index-health', 'optimization'])
  expect(list.schedule[1]).toEqual({ kind: 'weekly', at: 'Mon 09:00', channels: ['team'] })
  expect((await get('?target=shop&kind=weekly')).json().reports).toHaveLength(1)
  expect((await get('?target=nobody')).statusCode).toBe(404)
})

test('one comes as data, Markdown and HTML to keep', async () => {
  expect((await get('/weekly/2026-W47?target=shop')).json()).toEqual(MADE_REPORTS.weekly)
  for (const [format, type, begin] of [
    ['md', 'text/markdown', '# Weekly report'],
    ['html', 'text/html', '<!doctype html>'],
  ]) {
    const answer = await get(`/weekly/2026-W47?target=shop&format=${format}`)
    expect(answer.headers['content-type']).toContain(type)
    expect(answer.headers['content-disposition']).toBe(
      `attachment; filename="shop-weekly-2026-W47.${format}"`,
    )
    expect(answer.body.startsWith(begin!)).toBe(true)
  }
  const missing = await get('/weekly/2026-W01?target=shop')
  expect(missing.statusCode).toBe(404)
  expect(missing.json().error).toMatchObject({ code: 'report-unknown', hint: expect.any(String) })
  expect((await get('/weekly/2026-W47?target=shop&format=pdf')).statusCode).toBe(400)
})

test('one is made now: the last period, or the one that is named', async () => {
  const made = await post({ target: 'shop', kind: 'weekly' })
  expect([made.statusCode, made.json()]).toEqual([
    201,
    { targetId: 'shop', kind: 'weekly', name: '2026-W47', page: '/reports/weekly/2026-W47' },
  ])
  expect((await get('/weekly/2026-W47?target=shop')).json().title).toBe('of 2026-W47')
  expect((await post({ target: 'shop', kind: 'daily' })).json().name).toBe('2026-11-22')
  expect((await post({ target: 'shop', kind: 'load', name: 'run-17' })).json().name).toBe('run-17')
  expect((await get('/load/run-17?target=shop')).json().title).toBe('of run-17')
  for (const [kind, name] of [
    ['weekly', '2026-11-22'],
    ['release', undefined],
    ['daily', '../x'],
  ])
    expect((await post({ target: 'shop', kind, ...(name === undefined ? {} : { name }) })).statusCode).toBe(
      400,
    )
})
