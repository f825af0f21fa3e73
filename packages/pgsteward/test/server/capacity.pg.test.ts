// Capacity over the API and the command line, of a history that a store has: as JSON, text, CSV and a workbook.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadConfig } from '../../src/app/config/load-config.ts'
import { Steward } from '../../src/app/steward.ts'
import { Views } from '../../src/app/views.ts'
import { ALL_CHECKS } from '../../src/checks/all.ts'
import { runCommand } from '../../src/cli/main.ts'
import { capacityPlanWire } from '../../src/model/capacity.ts'
import { createServer } from '../../src/server/create-server.ts'
import { openStore } from '../../src/store/open-store.ts'
import { GB, saveMadeHistory } from '../capacity/made-history.ts'
import { calculator, readWorkbook } from '../capacity/spreadsheet.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

const NOW = new Date('2026-03-10T12:00:00Z')
const dir = mkdtempSync(join(tmpdir(), 'pgsteward-capacity-'))
let history: TestDatabase
let steward: Steward
let server: FastifyInstance
let address: string
/** The server's clock; the command line's own is the machine's. */
let now = NOW

beforeAll(async () => {
  history = await createDatabase()
  const store = await openStore({ url: history.url })
  await saveMadeHistory(store, 'shop', { days: 60, now: NOW })
  const { config } = await loadConfig({
    checks: ALL_CHECKS,
    cwd: dir,
    env: {},
    flags: {
      targets: [{ id: 'shop', url: 'postgres://nobody@127.0.0.1:1/shop' }],
      capacity: { limits: [{ disk: '150GB' }] },
    },
  })
  writeFileSync(join(dir, 'pgsteward.config.ts'), 'export default {}')
  steward = new Steward(config, store)
  server = await createServer({
    views: new Views(steward, () => now, null),
    adminToken: 'a-token-of-some-length',
    host: '127.0.0.1',
    dashboardDir: null,
    now: () => now,
  } as Parameters<typeof createServer>[0])
  address = await server.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await server.close()
  await steward.stop()
  await history.drop()
  rmSync(dir, { recursive: true, force: true })
})

const get = (path: string) => fetch(`${address}/api/v1/capacity${path}`)

async function cli(...args: readonly string[]) {
  let [out, note] = ['', '']
  const code = await runCommand(['capacity', ...args], {
    terminal: {
      out: (text) => {
        out += text
      },
      note: (text) => {
        note += text
      },
      progress: () => undefined,
      isColoured: false,
      width: 100,
    },
    cwd: dir,
    env: {},
    signal: new AbortController().signal,
  })
  return { code, out, note }
}

test('the API answers the plan, with limits of the configuration and the users that are asked for (C1)', async () => {
  const plan = capacityPlanWire.parse(await (await get('?target=shop')).json())
  expect(plan).toMatchObject({ version: 1, users: 10, at: NOW.toISOString() })
  expect(plan.limits.find(({ id }) => id === 'disk')).toMatchObject({
    value: 150 * GB,
    expectedAt: expect.stringMatching(/^2026-06-/),
  })
  const three = capacityPlanWire.parse(await (await get('?target=shop&users=3')).json())
  expect(three.pool!.requiredWithUsers).toBeLessThan(plan.pool!.requiredWithUsers)
  expect((await get('?target=shop&users=0')).status).toBe(400)
  expect((await get('?target=other')).status).toBe(404)
})

test('a plan stands for ten minutes', async () => {
  now = new Date(NOW.getTime() + 9 * 60_000)
  expect(await (await get('?target=shop')).json()).toMatchObject({ at: NOW.toISOString() })
  now = new Date(NOW.getTime() + 11 * 60_000)
  expect(await (await get('?target=shop')).json()).toMatchObject({ at: now.toISOString() })
  now = NOW
})

test('workbook and CSV come as files (C2)', async () => {
  const xlsx = await get('/xlsx?target=shop')
  expect(xlsx.headers.get('content-disposition')).toBe('attachment; filename="capacity-shop.xlsx"')
  expect(xlsx.headers.get('content-type')).toContain('spreadsheetml')
  const book = readWorkbook(new Uint8Array(await xlsx.arrayBuffer()))
  expect(calculator(book)('Inputs', 'A1')).toBe('Capacity of shop')
  const csv = await get('/csv?target=shop')
  expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(await csv.text()).toMatch(/^measure,storage,Databases on disk,bytes,now,/m)
})

test('the command line tells it in words', async () => {
  const { code, out } = await cli('shop', '--server', address)
  expect(code).toBe(0)
  expect(out).toMatch(/^shop {2}(59|60) days of history; intervals hold 90 %$/m)
  expect(out).toMatch(/databases +shop 99 GB \(\+51\d MB a day\), postgres 1 GB/)
  expect(out).toContain('Databases on disk: 100 GB')
  expect(out).toMatch(/in 6 months +19\d GB .*10x users 1,0\d\d GB/)
  expect(out).toMatch(/(59|60) days of history: no projection beyond 2026-1\d-\d\d/)
  expect(out).toMatch(/connections +8 for 4 at work; 53 with 10 times the users/)
  expect(out).toMatch(/memory +16 GB: shared_buffers hold what is used of the data \(99.5 % found\)/)
  expect(out).toMatch(
    /disk {2}66.7 % 100 GB of 150 GB\n {4}expected 2026-06-\d\d, at the earliest 2026-0\d-\d\d; with 10 times/,
  )
  expect(out).toMatch(/max_connections less the reserved {2}20 % 20 of 100\n {4}not by 2026-1/)
  expect(out).not.toMatch(/NaN|undefined|null/)
})

test('it reads the store where that is named, and writes files', async () => {
  const files = ['--xlsx', 'out/plan.xlsx', '--csv', 'out/plan.csv']
  const { code, out, note } = await cli('shop', '--store', history.url, '--json', '--users', '4', ...files)
  expect(code).toBe(0)
  const plan = capacityPlanWire.parse(JSON.parse(out))
  expect(plan).toMatchObject({ targetId: 'shop', users: 4 })
  expect(note).toBe('written: out/plan.csv\nwritten: out/plan.xlsx\n')
  const book = readWorkbook(readFileSync(join(dir, 'out/plan.xlsx')))
  expect([...book.sheets.keys()]).toContain('Limits')
  expect(readFileSync(join(dir, 'out/plan.csv'), 'utf8')).toContain('input,users,times as many users,,,,4')
})

test('a URL is the target that has its host and database, whoever asks', async () => {
  const file = join(dir, 'named.config.ts')
  writeFileSync(
    file,
    `export default { targets: [{ id: 'shop', url: 'postgres://monitor@db.example.com/shop' }] }`,
  )
  const asked = [
    'postgres://me:secret@db.example.com/shop',
    '--store',
    history.url,
    '--config',
    file,
    '--json',
  ]
  const { code, out } = await cli(...asked)
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ targetId: 'shop', historyDays: expect.closeTo(60, -1) })
})

test('of a target that nobody watched it says so, by id or URL', async () => {
  const { code, out } = await cli('postgres://me:secret@db.example.com/other', '--store', history.url)
  expect(code).toBe(0)
  expect(out).toContain('Nothing is kept of it yet')
  expect(out).not.toContain('secret')
})

test.each([
  [['--users', 'many'], '--users many is not a number of times'],
  [['shop', 'other'], '"other" is one argument too many'],
  [['--store', 'STORE'], 'of which target?'],
])('%j is a clear error', async (args, message) => {
  const { code, note } = await cli(...args.map((arg) => (arg === 'STORE' ? history.url : arg)))
  expect(code).toBe(2)
  expect(note).toContain(message)
})
