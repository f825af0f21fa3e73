import type { FindingWire } from 'pgsteward/wire'
import { expect, it } from 'vitest'
import { findingMarks } from './marks.ts'

const finding = (summary: string, severity: FindingWire['severity'], openedAt: string | null) =>
  ({ summary, severity, openedAt }) as FindingWire

it('marks when findings opened, not what is pending nor mere information', () => {
  const marks = findingMarks([
    finding('warned', 'warning', '2026-11-22T12:00:00Z'),
    finding('noted', 'info', '2026-11-22T12:00:00Z'),
    finding('waiting', 'critical', null),
  ])
  expect(marks).toEqual([
    { at: Date.parse('2026-11-22T12:00:00Z') / 1000, text: 'warned', property: '--warning' },
  ])
})

it('keeps the gravest and then the newest where there are too many', () => {
  const many = Array.from({ length: 30 }, (_, day) =>
    finding(`warning ${day}`, 'warning', `2026-11-${String(day + 1).padStart(2, '0')}T00:00:00Z`),
  )
  const marks = findingMarks([...many, finding('grave', 'critical', '2026-01-01T00:00:00Z')])
  expect(marks.length).toBe(12)
  expect(marks.slice(0, 2).map(({ text }) => text)).toEqual(['grave', 'warning 29'])
})
