import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { report } from '../../src/model/report.ts'
import { openStore } from '../../src/store/open-store.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'
import { HOUR, saveMadeDays } from '../reports/made-days.ts'
import { madeRun } from '../store/made-run.ts'
import { run } from './run.ts'

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-report-'))
let database: TestDatabase
const made = (...args: readonly string[]) =>
  run('report', ...args, '--store', database.url, '--format', 'json')

beforeAll(async () => {
  database = await createDatabase()
  const store = await openStore({ url: database.url })
  await saveMadeDays(store, 'shop', {
    from: new Date('2026-03-01T00:00:00Z'),
    to: new Date('2026-03-02T00:00:00Z'),
    stepMs: HOUR,
    step: () => ({ requests: { count: 10, errors: 0, ms: 20 } }),
  })
  await store.saveLoadRun(madeRun({ id: 'run-1' }), new Date())
  await store.close()
})
afterAll(async () => {
  await database.drop()
  rmSync(dir, { recursive: true, force: true })
})

test('prints a report of a past day out of the store (R3)', async () => {
  const { exitCode, out } = await made('daily', '--target', 'shop', '--for', '2026-03-01')
  expect(exitCode).toBe(0)
  const parsed = report.parse(JSON.parse(out))
  expect(parsed).toMatchObject({ kind: 'daily', targetId: 'shop', period: { label: '1 March 2026' } })
  expect(parsed.status!.level).toBe('green')
})

test('writes it to a file, in days of a place', async () => {
  const file = join(dir, 'day.json')
  const { out, note } = await made(
    'daily',
    '--target=shop',
    '--for=2026-03-01',
    '--time-zone=Europe/Berlin',
    `--out=${file}`,
  )
  expect([out, note]).toEqual(['', `written: ${file}\n`])
  expect(JSON.parse(readFileSync(file, 'utf8')).period).toMatchObject({
    from: '2026-02-28T23:00:00.000Z',
    timeZone: 'Europe/Berlin',
  })
})

test('a load run needs no target', async () => {
  const { out } = await made('load', '--run', 'run-1')
  expect(report.parse(JSON.parse(out))).toMatchObject({
    kind: 'load',
    title: expect.stringContaining('smoke'),
  })
})

test.each([
  [['dayly', '--target=shop'], 'Did you mean "pgsteward report daily"?'],
  [[], 'which report?'],
  [['daily'], 'of which target?'],
  [['daily', 'shop'], 'one argument too many'],
  [['daily', '--target=shop', '--for=tomorrow'], '"tomorrow" is no day, week or month'],
  [['daily', '--target=shop', '--time-zone=Mars/Olympus'], 'is not a time zone'],
  [['load', '--target=shop'], 'of which load run?'],
  [['daily', '--target=shop', '--run=run-1'], '--run says nothing to report daily'],
  [['release', '--target=shop', '--for=last'], '--for says nothing to report release'],
  [['load', '--run=nine'], 'there is no load run nine'],
  [['release', '--target=shop'], 'no deployment of shop is known'],
])('%j is a clear error', async (args, message) => {
  const { exitCode, note } = await made(...args)
  expect(exitCode).toBe(2)
  expect(note).toContain(message)
})

test('a format that is none is refused', async () => {
  const { exitCode, note } = await run('report', 'daily', '--target=shop', '--format=pdf')
  expect(exitCode).toBe(2)
  expect(note).toContain('--format pdf is not a format')
})
