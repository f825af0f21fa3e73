import { expect, test } from 'vitest'
import type { Finding } from '../model/finding.ts'
import { withoutSustained } from './without-sustained.ts'

const over: Finding = { subject: { kind: 'server' }, severity: 'warning', summary: 'over', evidence: [] }
const between: Finding = { ...over, summary: 'between', sustains: true }
const found = (...findings: Finding[]) => ({ status: 'found', checkId: 'full', findings }) as const

test('a single look reports what is past its limit, and not what lies between the two', () => {
  const failed = { status: 'failed', checkId: 'full', error: new Error('no') } as const
  expect(withoutSustained([found(over, between), found(between), failed])).toEqual([
    found(over),
    { status: 'quiet', checkId: 'full' },
    failed,
  ])
})
