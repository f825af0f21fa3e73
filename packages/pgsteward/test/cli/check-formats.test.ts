import { expect, test } from 'vitest'
import { renderCheck } from '../../src/cli/render-check.ts'
import { type CheckReport, checkReportSchema } from '../../src/model/check-report.ts'
import { checkReportJunit } from '../../src/report/check-report/junit.ts'
import { checkReportMarkdown } from '../../src/report/check-report/markdown.ts'
import { checkReportSarif } from '../../src/report/check-report/sarif.ts'

const hostile = 'x"><script>alert(1)</script>`|\u001b[2J'

const report: CheckReport = {
  target: 'db:5432/shop',
  server: { version: '18.4', versionNum: 180004, role: 'primary', database: 'shop', user: 'monitor' },
  takenAt: '2026-01-01T00:00:00.000Z',
  watchedSeconds: 180,
  findings: [
    {
      id: 'unused-index:index/shop/public/orders_note',
      checkId: 'unused-index',
      title: 'Index that is never scanned',
      area: 'index',
      severity: 'warning',
      subject: { kind: 'index', database: 'shop', schema: 'public', name: 'orders_note' },
      label: 'orders_note',
      summary: 'Index orders_note on orders is never used',
      evidence: [
        { label: 'scans', value: 0, unit: 'count' },
        { label: 'size', value: 224_395_264, unit: 'bytes' },
      ],
      remedy: {
        sql: ['drop index concurrently if exists public.orders_note'],
        undo: ['CREATE INDEX CONCURRENTLY orders_note ON public.orders USING btree (note)'],
        lock: 'share update exclusive',
        caution: 'Replicas count their own scans.',
      },
    },
    {
      id: `invalid-index:index/shop/public/${hostile}`,
      checkId: 'invalid-index',
      title: 'Index that was left invalid',
      area: 'index',
      severity: 'info',
      subject: { kind: 'index', database: 'shop', schema: 'public', name: hostile },
      label: hostile,
      summary: `Index ${hostile} is invalid`,
      evidence: [],
    },
  ],
  outcomes: [
    { checkId: 'unused-index', status: 'found' },
    { checkId: 'invalid-index', status: 'found' },
    { checkId: 'replication-lag', status: 'skipped', because: 'needs two readings' },
    { checkId: 'broken', status: 'failed', because: 'off by one' },
    { checkId: 'deadlocks', status: 'quiet' },
  ],
  cost: { statements: 20, rows: 400, bytes: 40_000, tookMs: 120 },
}

test('the sample obeys the schema of the contract', () => {
  expect(checkReportSchema.parse(report)).toEqual(report)
})

test('Markdown shows evidence, remedy and undo, and makes no markup of names', () => {
  const text = checkReportMarkdown(report)
  expect(text).toContain('scans 0, size 214 MB')
  expect(text).toContain('drop index concurrently if exists public.orders_note;')
  expect(text).toContain('Undo:')
  expect(text).toContain('`replication-lag` skipped: needs two readings')
  expect(text).not.toContain('<script>')
})

test('SARIF has one rule a check, a level by severity and a stable fingerprint', () => {
  const sarif = JSON.parse(checkReportSarif(report, '0.1.0'))
  expect(sarif.version).toBe('2.1.0')
  const [run] = sarif.runs
  expect(run.tool.driver.rules.map((rule: { id: string }) => rule.id)).toEqual([
    'unused-index',
    'invalid-index',
  ])
  expect(run.results[0]).toMatchObject({
    ruleId: 'unused-index',
    level: 'warning',
    partialFingerprints: { 'pgsteward/v1': 'unused-index:index/shop/public/orders_note' },
  })
  expect(run.results[1].level).toBe('note')
})

test('JUnit fails what reaches the gate, and escapes what XML can not hold', () => {
  const xml = checkReportJunit(report, 'warning')
  expect(xml).toContain('tests="5" failures="1" errors="1" skipped="1"')
  expect(xml).toContain('<failure type="warning" message="Index orders_note on orders is never used">')
  expect(xml).toContain('<system-out>info: ')
  expect(xml).not.toContain('<script>')
  expect(xml).not.toContain('\u001b')
  expect(checkReportJunit(report, 'critical')).toContain('failures="0"')
})

test('the terminal shows the worst first, and a name can not move its cursor', () => {
  const text = renderCheck(report, { isColoured: false }, true)
  expect(text).toMatch(
    /^db:5432\/shop {2}PostgreSQL 18.4, primary, as monitor, watched for 3 min\n1 warning, 1 to know; 3 of 5 checks could judge\.\n/,
  )
  expect(text).toContain('skipped  replication-lag: needs two readings')
  expect(text).toContain('failed   broken: off by one')
  expect(text).toContain('Lock: share update exclusive. Replicas count their own scans.')
  expect(text).toContain('undo: CREATE INDEX CONCURRENTLY orders_note ON public.orders USING btree (note);')
  expect(text).not.toContain('\u001b')
  expect(renderCheck(report, { isColoured: true }, false)).toContain('\u001b[')
})

test('without findings the terminal says so', () => {
  const quiet = { ...report, findings: [], outcomes: [{ checkId: 'deadlocks', status: 'quiet' as const }] }
  expect(renderCheck(quiet, { isColoured: false }, false)).toContain(
    'Nothing found; 1 of 1 checks could judge.',
  )
})
