import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { logged, logRecord } from '../../../test/log-rows.ts'
import { logExhausted } from './log-exhausted.ts'

const event = (id: string, message: string) =>
  logRecord({ class: id, message, query: 'select * from parcel' })

test('is quiet where nothing ran out, and skipped where no log is read', () => {
  expect(judge(logExhausted, { logged: logged([]) })).toEqual([])
  expect(judge(logExhausted, { logged: logged([], { isRead: false }) })).toHaveProperty('skip')
})

test.each([
  ['locks', [event('out-of-shared-memory', 'out of shared memory')], 'warning', /lock table/],
  ['memory', [event('out-of-memory', 'out of memory')], 'warning', /^memory$/],
  ['the disk', [event('disk-full', 'could not extend file: No space left on device')], 'critical', /disk/],
  ['several', [event('out-of-memory', 'a'), event('disk-full', 'b')], 'critical', /^disk, memory$/],
] as const)('finds %s that ran out', (_, events, severity, words) => {
  expect(judge(logExhausted, { logged: logged(events) })).toMatchObject([
    {
      subject: { kind: 'server' },
      severity,
      evidence: expect.arrayContaining([
        { label: 'ran out of', value: expect.stringMatching(words), unit: 'text' },
        { label: 'statement', value: 'select * from parcel', unit: 'text' },
      ]),
    },
  ])
})
