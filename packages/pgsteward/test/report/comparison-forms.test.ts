// The forms of a comparison against golden files, and what each form promises beyond its looks.

import { expect, test } from 'vitest'
import { codeCell, codeSpan } from '../../src/report/code-span.ts'
import { comparisonJunit } from '../../src/report/comparison-junit.ts'
import { COMMENT_LIMIT, commentMarker, comparisonMarkdown } from '../../src/report/comparison-markdown.ts'
import { comparisonSarif } from '../../src/report/comparison-sarif.ts'
import { comparisonText } from '../../src/report/comparison-text.ts'
import { powerLine, sureText } from '../../src/report/comparison-words.ts'
import { comparedSeries, comparison, INVALID, SLOWER } from './comparisons.ts'

const CASES = { slower: SLOWER, invalid: INVALID, same: comparison() }

for (const [name, each] of Object.entries(CASES)) {
  test(`prints as before: ${name} (V7)`, async () => {
    await expect(comparisonText(each)).toMatchFileSnapshot(`golden/comparison-${name}.txt`)
    await expect(comparisonMarkdown(each)).toMatchFileSnapshot(`golden/comparison-${name}.md`)
    await expect(comparisonJunit(each)).toMatchFileSnapshot(`golden/comparison-${name}.xml`)
    await expect(comparisonSarif(each, '0.1.0', 'load/chat.ts')).toMatchFileSnapshot(
      `golden/comparison-${name}.sarif`,
    )
  })
}

test('every comment of a scenario begins with the same hidden marker, so that it is updated and not repeated', () => {
  const first = comparisonMarkdown(SLOWER).split('\n')[0]
  expect(first).toBe(comparisonMarkdown(comparison()).split('\n')[0])
  expect(first).toBe('<!-- pgsteward-comparison conversation -->')
  expect(commentMarker({ scenario: { id: 'x --> <script>', hash: '' } })).not.toContain('--> <script>')
})

test('a comment of five hundred endpoints stays below what GitHub takes, and keeps verdict, worst row and next step', () => {
  const series = Array.from({ length: 500 }, (_, index) =>
    comparedSeries({
      name: `GET /${'long/'.repeat(30)}${index}`,
      ratio: 1.3 + index / 1000,
      lower: 1.2,
      band: 'critical',
      verdict: 'fail',
    }),
  )
  const text = comparisonMarkdown(comparison({ verdict: 'fail', summary: 'slower', series }))
  expect(text.length).toBeLessThanOrEqual(COMMENT_LIMIT)
  expect(text).toContain('**FAIL: slower**')
  expect(text).toContain('/499`')
  expect(text).toContain('**What now**')
  const undecided = series.map((each) => ({ ...each, band: null, verdict: 'inconclusive' as const }))
  const other = comparisonMarkdown(comparison({ verdict: 'inconclusive', series: undecided }))
  expect(other.length).toBeLessThanOrEqual(COMMENT_LIMIT)
  expect(other).toContain('500 inconclusive')
})

test('names of endpoints and texts of statements become no markup', () => {
  const text = comparisonMarkdown(SLOWER)
  expect(text).toContain('`GET /api/members/:id\\|<b>`')
  expect(comparisonJunit(SLOWER)).toContain('GET /api/members/:id|&lt;b&gt;')
})

test('a bar is escaped in a table alone: elsewhere the backslash would be shown', () => {
  expect(codeCell('a || b')).toBe('`a \\|\\| b`')
  expect(codeSpan('a || b')).toBe('`a || b`')
  expect(codeSpan('a `b`')).toBe('`` a `b` ``')
})

test('a page that shows nothing can be told from one that never compared', () => {
  expect(powerLine(comparison({ series: [], comparisons: 0 }))).toContain('0 comparisons made')
  expect(powerLine(SLOWER)).toBe(
    '6 comparisons made, 1 inconclusive; smallest slowdown that could be seen on every endpoint: +5 % on p50, +38 % on p95',
  )
})

test('what is sure is the bound nearer to no change', () => {
  expect(sureText(comparedSeries({ band: 'high', lower: 1.17 }))).toBe('at least 17 % slower')
  expect(sureText(comparedSeries({ band: 'improvement', upper: 0.86 }))).toBe('at least 14 % faster')
})

test('undecided endpoints are skipped test cases, never passed ones; runs that must not be compared are an error', () => {
  const junit = comparisonJunit(SLOWER)
  expect(junit).toContain('<testsuites name="pgsteward" tests="8" failures="3" errors="0" skipped="2">')
  expect(junit.match(/<testcase /g)).toHaveLength(8)
  expect(comparisonJunit(INVALID)).toContain('tests="1" failures="0" errors="1"')
})

/** What the standard (OASIS SARIF 2.1.0) and GitHub's code scanning require of a file. */
test('SARIF has all that is required of it, and fingerprints that outlive a change of size', () => {
  for (const each of Object.values(CASES)) {
    const sarif = JSON.parse(comparisonSarif(each, '0.1.0', 'load/a b.ts'))
    expect(sarif.version).toBe('2.1.0')
    const [run] = sarif.runs
    expect(run.tool.driver.name).toBe('pgsteward')
    const ids = run.tool.driver.rules.map((rule: { id: string }) => rule.id)
    for (const result of run.results) {
      expect(ids).toContain(result.ruleId)
      expect(result.message.text).not.toBe('')
      expect(['none', 'note', 'warning', 'error']).toContain(result.level)
      if (result.kind !== 'fail') expect(result.level).toBe('none')
      const [location] = result.locations
      expect(location.physicalLocation.artifactLocation.uri).toBe('load/a%20b.ts')
      expect(location.physicalLocation.region.startLine).toBe(1)
      expect(result.partialFingerprints['pgsteward/v1']).not.toMatch(/\d\.\d/)
    }
    const prints = run.results.map((result: { partialFingerprints: object }) =>
      JSON.stringify(result.partialFingerprints),
    )
    expect(new Set(prints).size).toBe(prints.length)
  }
  expect(JSON.parse(comparisonSarif(SLOWER, '0.1.0', 'a.ts')).runs[0].results).toHaveLength(5)
})
