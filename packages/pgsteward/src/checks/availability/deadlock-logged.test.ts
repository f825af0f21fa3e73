import { expect, test } from 'vitest'
import { memoryOf } from '../../../test/application/memory.ts'
import { judge, NOW } from '../../../test/judge.ts'
import { logCount, logRecord } from '../../../test/log-rows.ts'
import { type LoggedDeadlocks, logDeadlocks } from '../../facts/log-deadlocks.ts'
import type { Finding } from '../../model/finding.ts'
import type { LogRecord } from '../../model/log-event.ts'
import { deadlockLogged } from './deadlock-logged.ts'

const DETAIL = `Process 4711 waits for ShareLock on transaction 744; blocked by process 4712.
Process 4712 waits for ShareLock on transaction 743; blocked by process 4711.
Process 4711: update parcel set weight = ? where id = ?
Process 4712: update parcel
  set owner = ? where id = ?`

const deadlock = (over: Partial<LogRecord> = {}) =>
  logRecord({ detail: DETAIL, context: 'while updating tuple (0,1) in relation "parcel"', ...over })

/** Through the fact, which takes the DETAIL apart. */
async function read(events: readonly LogRecord[], count = events.length): Promise<LoggedDeadlocks> {
  const memory = memoryOf({
    logEvents: events,
    logCounts: events.length === 0 ? [] : [logCount({ count })],
    operations: [],
  })
  return await logDeadlocks.read(
    {
      ...memory,
      logSources: async () => [
        { source: 'f', lastAt: NOW, lines: 1, bytes: 1, unknown: 0, unreadable: 0, because: null },
      ],
    },
    'shop',
    NOW,
  )
}

const findings = async (events: readonly LogRecord[], count?: number) =>
  judge(deadlockLogged, { logged: await read(events, count) }) as readonly Finding[]

test('is quiet without one, and skipped where no log is read', async () => {
  expect(await findings([])).toEqual([])
  expect(
    judge(deadlockLogged, { logged: { isRead: false, overMs: 1, counts: [], events: [], deadlocks: [] } }),
  ).toMatchObject({ skip: expect.stringContaining('no log') })
})

test('names both statements, the table and when it was', async () => {
  const [finding] = await findings([deadlock()])
  expect(finding).toMatchObject({ subject: { kind: 'database', name: 'app' }, severity: 'info' })
  const told = Object.fromEntries(finding!.evidence.map(({ label, value }) => [label, value]))
  expect(told).toMatchObject({
    deadlocks: 1,
    table: 'parcel',
    ended: 'update parcel set weight = ? where id = ?',
    'ended, sent by': 'api',
    against: 'update parcel set owner = ? where id = ?',
    last: '2026-03-10T11:59:00.000Z',
  })
})

test('is a warning from three on, and tells the pair that comes most, whichever side was ended', async () => {
  const swapped = DETAIL.replaceAll('4711', 'x').replaceAll('4712', '4711').replaceAll('x', '4712')
  const other = deadlock({ detail: null, query: 'delete from other' })
  const [finding] = await findings([other, deadlock(), deadlock({ detail: swapped })])
  expect(finding?.severity).toBe('warning')
  const told = Object.fromEntries(finding!.evidence.map(({ label, value }) => [label, value]))
  expect(told).toMatchObject({ deadlocks: 3, 'of these statements': 2 })
  expect(told.ended).toContain('update parcel')
})

test('counts those too that were not kept one by one', async () => {
  const [finding] = await findings([deadlock()], 50)
  expect(finding).toMatchObject({
    severity: 'warning',
    evidence: expect.arrayContaining([{ label: 'deadlocks', value: 50, unit: 'count' }]),
  })
})
