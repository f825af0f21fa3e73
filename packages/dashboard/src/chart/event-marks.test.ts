import type { PlanChangeWire, TargetEventWire } from 'pgsteward/wire'
import { expect, test } from 'vitest'
import { eventMarks, planMarks } from './event-marks.ts'

const event = (over: Partial<TargetEventWire> = {}): TargetEventWire => ({
  at: '2026-03-10T12:00:00.000Z',
  kind: 'deployment',
  subject: 'shop',
  detail: 'version 1.4.0 to 1.5.0',
  ...over,
})

test('a deployment is a mark that says of what and what', () => {
  expect(eventMarks([event()])).toEqual([
    {
      at: Date.parse('2026-03-10T12:00:00Z') / 1000,
      text: 'shop: version 1.4.0 to 1.5.0',
      property: '--accent',
    },
  ])
})

test('tables that were analyzed are no marks, and of many events the newest stay', () => {
  expect(eventMarks([event({ kind: 'statistics' })])).toEqual([])
  const many = Array.from({ length: 20 }, (_, minute) =>
    event({ at: `2026-03-10T12:${String(minute).padStart(2, '0')}:00.000Z` }),
  )
  const marks = eventMarks(many)
  expect([marks.length, marks[0]?.at]).toEqual([12, Date.parse('2026-03-10T12:19:00Z') / 1000])
})

test('of changed plans those of the statement are marks', () => {
  const change = { at: '2026-03-10T12:00:00.000Z', queryId: '42', difference: 'Hash Join became Nested Loop' }
  const changes = [change, { ...change, queryId: '43' }] as unknown as readonly PlanChangeWire[]
  expect(planMarks(changes, '42').map(({ text }) => text)).toEqual([
    'The plan changed: Hash Join became Nested Loop',
  ])
})
