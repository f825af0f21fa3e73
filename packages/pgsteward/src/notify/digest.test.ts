import { expect, test } from 'vitest'
import { AT, minutesLater, openFinding } from '../../test/notify/alert-rows.ts'
import type { OpenFinding } from '../model/open-finding.ts'
import { type Digest, targetDigest } from './digest.ts'
import { digestEmail } from './digest-email.ts'

const HOUR = 60
const window = { from: AT, to: minutesLater(24 * HOUR) }
const FROM = 'pgsteward <alerts@example.com>'

const opened = (hours: number, over: Partial<OpenFinding> = {}) =>
  openFinding({ openedAt: minutesLater(hours * HOUR), ...over })
const over = (hours: number, lasted: number) =>
  opened(hours - lasted, {
    state: 'resolved',
    resolvedAt: minutesLater(hours * HOUR),
    summary: `over after ${lasted} h`,
  })

const of = (findings: readonly OpenFinding[]) =>
  targetDigest('shop', findings, window, ({ key }) => `https://example.com/${key}`)
const mailOf = (findings: readonly OpenFinding[], rest: Partial<Digest> = {}) =>
  digestEmail(
    { day: '2026-11-21', window, targets: [of(findings)], undelivered: [], dashboardUrl: null, ...rest },
    'mail',
    FROM,
  )

test('what is new, what stands and what is over are told apart, the gravest first', () => {
  const digest = of([
    opened(2, { summary: 'new warning' }),
    opened(1, { summary: 'new critical', severity: 'critical' }),
    opened(-30, { summary: 'stands' }),
    opened(-300, { summary: 'a note', severity: 'info' }),
    over(5, 2),
    over(-5, 2),
    opened(1, { targetId: 'another' }),
    openFinding({ state: 'pending', openedAt: null }),
  ])
  expect(digest.new.map(({ summary }) => summary)).toEqual(['new critical', 'new warning'])
  expect(digest.standing.map(({ summary }) => summary)).toEqual(['stands'])
  expect(digest.notes).toBe(1)
  expect(digest.over.map(({ summary }) => summary)).toEqual(['over after 2 h'])
})

test('the subject says whether anything has to be done', () => {
  expect(mailOf([]).subject).toBe('[pgsteward] Nothing to act on; 0 new and 0 over since yesterday')
  expect(mailOf([opened(1, { severity: 'critical' }), opened(-3), opened(-4), over(5, 2)]).subject).toBe(
    '[pgsteward] 1 critical, 2 warnings; 1 new and 1 over since yesterday',
  )
})

test('a quiet day is said to be one', () => {
  const { text, html } = mailOf([])
  for (const part of [text, html])
    expect(part).toContain('Nothing stands, and nothing happened since yesterday.')
})

test('each line says how long, and what did not arrive stands above all', () => {
  const { text, html } = mailOf([opened(20), over(5, 2)], {
    undelivered: [{ channel: 'pager', alerts: 2 }],
    dashboardUrl: 'https://pgsteward.example.com',
  })
  expect(text.startsWith('2 alerts wait for pager')).toBe(true)
  for (const part of ['for 4 h', 'lasted 2 h', 'https://pgsteward.example.com']) {
    expect(text).toContain(part)
    expect(html).toContain(part)
  }
})

test('hundreds of findings are a mail that can be read, and hostile texts are text', () => {
  const hostile = '</td><script>alert(1)</script>\r\nBcc: all@example.com'
  const many = Array.from({ length: 400 }, (_, at) =>
    opened(1, { key: `slow-route:${at}`, summary: hostile }),
  )
  const { text, html, subject } = mailOf(many)
  expect(text).toContain('and 375 more')
  expect(html).not.toContain('<script>')
  expect(html.length).toBeLessThan(30_000)
  expect(subject).not.toMatch(/[\r\n]/)
})
