// `pgsteward findings` on a store of its own and on servers that are none: what it lists, filters, refuses, and its exit codes.

import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ALL_CHECKS } from '../../src/checks/all.ts'
import { track } from '../../src/evaluate/track.ts'
import type { Finding } from '../../src/model/finding.ts'
import { toldFindingWire } from '../../src/model/wire.ts'
import { openStore } from '../../src/store/open-store.ts'
import { run } from './run.ts'

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-findings-'))
const MINUTE = 60_000
const now = Date.now()

const deadlock: Finding = {
  subject: { kind: 'database', name: 'shop' },
  severity: 'warning',
  summary: 'Transactions deadlocked, and PostgreSQL ended one of each pair',
  evidence: [{ label: 'deadlocks', value: 7, unit: 'count' }],
}
const unused: Finding = {
  ...deadlock,
  subject: { kind: 'index', database: 'shop', schema: 'public', name: 'parcel_note_idx' },
  severity: 'critical',
  summary: 'Index parcel_note_idx is never scanned',
}

beforeAll(async () => {
  const store = await openStore({ dir })
  const save = async (checkId: string, findings: readonly Finding[], at: Date) => {
    const outcome =
      findings.length === 0
        ? ({ status: 'quiet', checkId } as const)
        : ({ status: 'found', checkId, findings } as const)
    await store.saveChanges(
      track('shop', ALL_CHECKS, await store.knownFindings('shop', at), [outcome], at),
      at,
    )
  }
  await save('unused-index', [unused], new Date(now - 600 * MINUTE))
  await save('invalid-index', [deadlock], new Date(now - 90 * MINUTE))
  await save('invalid-index', [], new Date(now - 20 * MINUTE))
  await save('deadlocks', [deadlock], new Date(now - 10 * MINUTE))
  await store.close()
}, 60_000)
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const list = (...args: readonly string[]) => run('findings', '--store-dir', dir, ...args)

test('lists what stands, the worst first, with its begin and what to do', async () => {
  const { exitCode, out, note } = await list()
  expect(exitCode).toBe(0)
  expect(note).toBe('from the store\n')
  expect(out).toMatch(/^1 critical, 1 warning on shop/)
  expect(out.indexOf('parcel_note_idx')).toBeLessThan(out.indexOf('Transactions deadlocked'))
  expect(out).toMatch(/since \d\d:\d\d:\d\d, for 1\d min/)
  expect(out).toContain('what to do')
})

test('--since leaves what began before, and takes what ended meanwhile', async () => {
  const { out } = await list('--since', '1h', '--json')
  const found = toldFindingWire.array().parse(JSON.parse(out))
  expect(found.map(({ checkId, state }) => [checkId, state])).toEqual([
    ['deadlocks', 'open'],
    ['invalid-index', 'resolved'],
  ])
  expect((await list('--since', '1m')).out).toBe('Nothing began or ended in the last 1m.\n')
})

test('--json is JSON alone, with what happened around then and how to fix it', async () => {
  const { out } = await list('--json')
  const found = toldFindingWire.array().parse(JSON.parse(out))
  expect(found.find(({ checkId }) => checkId === 'deadlocks')).toMatchObject({
    events: [],
    fix: expect.stringMatching(/\w+/),
  })
})

test('exit code 1 only where it is asked for, and only for what stands', async () => {
  expect((await list('--fail-on', 'critical')).exitCode).toBe(1)
  expect((await list('--since', '1h', '--fail-on', 'critical')).exitCode).toBe(0)
  expect((await list('--since', '1h', '--fail-on', 'warning')).exitCode).toBe(1)
})

test.each([
  [['--since', 'yesterday'], 2, '--since yesterday is not a duration'],
  [['--server', 'localhost:7432'], 2, 'is not the address of a pgsteward'],
  [['--server', 'http://127.0.0.1:1'], 3, 'no pgsteward answers at http://127.0.0.1:1'],
  [['--fail-on', 'loud'], 2, '--fail-on'],
] as const)('%s ends in exit code %s with one clear message', async (args, code, words) => {
  const { exitCode, note } = await list(...args)
  expect([exitCode, note]).toEqual([code, expect.stringContaining(words)])
})

test('what answers and is no pgsteward is told so', async () => {
  const other = createServer((_request, response) => response.end('<html>'))
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  try {
    const { exitCode, note } = await run(
      'findings',
      '--server',
      `http://127.0.0.1:${(other.address() as AddressInfo).port}`,
    )
    expect([exitCode, note]).toEqual([3, expect.stringContaining('no pgsteward')])
  } finally {
    other.close()
  }
})
