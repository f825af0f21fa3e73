import { expect, test } from 'vitest'
import type { FindingWire } from '../../model/wire.ts'
import { overviewHeadline } from './overview-headline.ts'

const now = new Date('2026-01-08T00:00:00Z')
const up = { status: 'up', because: null } as const
const opened = (severity: FindingWire['severity'], daysAgo: number) =>
  ({
    severity,
    state: 'open',
    openedAt: new Date(now.getTime() - daysAgo * 86_400_000).toISOString(),
    firstSeenAt: now.toISOString(),
  }) as FindingWire

test.each<[findings: FindingWire[], sentence: string]>([
  [[], 'All is quiet.'],
  [[opened('info', 3)], 'All is quiet. 1 note to read when there is time.'],
  [[opened('warning', 3)], '1 thing needs you, none of them new since yesterday.'],
  [[opened('critical', 0.1)], '1 thing needs you.'],
  [
    [opened('critical', 3), opened('warning', 0.5), opened('info', 0.5), opened('info', 9)],
    '2 things need you, 1 new since yesterday. 2 notes to read when there is time.',
  ],
])('%#: %s', (findings, sentence) => {
  expect(overviewHeadline(up, findings, now)).toBe(sentence)
})

test('a target that is down says why', () => {
  expect(overviewHeadline({ status: 'down', because: 'db:5432 refused the connection' }, [], now)).toBe(
    "The database can't be read: db:5432 refused the connection.",
  )
})

test('findings that still wait out their hold are not counted', () => {
  expect(overviewHeadline(up, [{ ...opened('warning', 0), state: 'pending' }], now)).toBe('All is quiet.')
})
