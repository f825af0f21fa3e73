// The report of a load run against golden files.

import { expect, test } from 'vitest'
import { loadReportMarkdown } from '../../src/report/load-report-markdown.ts'
import { loadReportText } from '../../src/report/load-report-text.ts'
import { errorText, validityLine } from '../../src/report/load-report-words.ts'
import { BOTTLENECK, loadRun } from './comparisons.ts'

const INTERRUPTED = loadRun({
  ended: 'interrupted',
  invalid: [{ reason: 'interrupted', detail: 'interrupted after 12 s of 5 min' }],
  database: null,
  thresholds: [],
  checks: [],
})

test('prints as before (L4)', async () => {
  await expect(loadReportText(loadRun(), BOTTLENECK)).toMatchFileSnapshot('golden/load-report.txt')
  await expect(loadReportMarkdown(loadRun(), BOTTLENECK)).toMatchFileSnapshot('golden/load-report.md')
  await expect(loadReportText(INTERRUPTED, [])).toMatchFileSnapshot('golden/load-report-interrupted.txt')
})

test('says whether the figures may be believed before any figure', () => {
  expect(validityLine(loadRun({ thresholds: [] }))).toBe('VALID.')
  expect(validityLine(loadRun())).toBe('VALID, but 1 threshold of 2 is crossed.')
  expect(loadReportText(INTERRUPTED, []).split('\n')[0]).toMatch(
    /^INVALID: .*what was measured until then is kept/,
  )
})

test('a few errors are never none', () => {
  expect(errorText(0, 10)).toBe('0 %')
  expect(errorText(1, 1_000_000)).toBe('under 0.1 %')
  expect(errorText(3, 0)).toBe('100 %')
  expect(errorText(12, 1_000)).toBe('1.2 %')
})
