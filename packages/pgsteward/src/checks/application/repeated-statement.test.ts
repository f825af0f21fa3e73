import { expect, test } from 'vitest'
import { NOBODY, readingOf, repeatRow, requestRow } from '../../../test/application/rows.ts'
import { ago, judge } from '../../../test/judge.ts'
import { repeatedStatement } from './repeated-statement.ts'

const fast = readingOf([requestRow({ totalMs: 100 * 200 })])

const quiet = {
  'a list of nine': repeatRow({ requests: 30, repetitions: 270 }),
  'two requests, which somebody tried': repeatRow({ requests: 2, repetitions: 400 }),
}

test.each(Object.entries(quiet))('is quiet on %s', (_, row) => {
  expect(judge(repeatedStatement, { repeats: readingOf([row]), requests: fast })).toEqual([])
})

test('is skipped where nobody reports, and quiet once all are gone', () => {
  expect(judge(repeatedStatement, { repeats: NOBODY, requests: NOBODY })).toMatchObject({
    skip: expect.stringContaining('no application reports'),
  })
  const gone = { isReporting: true, applications: [], rows: [] }
  expect(judge(repeatedStatement, { repeats: gone, requests: gone })).toEqual([])
})

test('names route, model and place, and shows how often and how much of the request', () => {
  const requests = readingOf([requestRow({ count: 100, totalMs: 100 * 48 })])
  expect(judge(repeatedStatement, { repeats: readingOf([repeatRow()]), requests })).toEqual([
    {
      subject: { kind: 'call-site', application: 'shop', name: 'GET /parcels: Recipient.findUnique' },
      severity: 'warning',
      summary: 'GET /parcels sends Recipient.findUnique again and again, at src/parcels.ts:41',
      evidence: expect.arrayContaining([
        { label: 'repetitions a request', value: 12, unit: 'count' },
        { label: "share of the request's time", value: 0.5, unit: 'ratio' },
        { label: 'sent at', value: 'src/parcels.ts:41', unit: 'text' },
        { label: 'statement', value: 'select * from recipient where parcel_id = ?', unit: 'text' },
        { label: 'query id', value: '43', unit: 'text' },
      ]),
    },
  ])
})

const severities = {
  'a note where it is a small part of the request': [repeatRow(), 'info'],
  'a warning from fifty on, whatever the share': [repeatRow({ repetitions: 30 * 50 }), 'warning'],
  'a note outside of requests, as in a job': [repeatRow({ route: null }), 'info'],
} as const

test.each(Object.entries(severities))('is %s', (_, [row, severity]) => {
  expect(judge(repeatedStatement, { repeats: readingOf([row]), requests: fast })).toMatchObject([
    { severity },
  ])
})

test('the same statement at two lines of a route is one finding, which outlives an edit of the file', () => {
  const rows = [repeatRow({ caller: 'src/parcels.ts:44', totalMs: 2000 }), repeatRow()]
  expect(judge(repeatedStatement, { repeats: readingOf(rows), requests: fast })).toMatchObject([
    { subject: { name: 'GET /parcels: Recipient.findUnique' }, summary: expect.stringContaining(':44') },
  ])
})

test('without a model the statement names it', () => {
  const row = repeatRow({ model: null, action: null, caller: null })
  expect(judge(repeatedStatement, { repeats: readingOf([row]), requests: fast })).toMatchObject([
    {
      subject: { name: 'GET /parcels: SELECT recipient' },
      summary: 'GET /parcels sends SELECT recipient again and again',
    },
  ])
})

test('says since which deployment, where it was not repeated before it', () => {
  const since = {
    at: ago(20_000),
    kind: 'deployment',
    subject: 'shop',
    detail: 'version 1.4.0 to 1.5.0',
  } as const
  expect(
    judge(repeatedStatement, { repeats: readingOf([repeatRow({ since })]), requests: fast }),
  ).toMatchObject([
    {
      evidence: expect.arrayContaining([
        {
          label: 'since the deployment',
          value: 'version 1.4.0 to 1.5.0, first seen 2026-03-10T11:59:40Z',
          unit: 'text',
        },
      ]),
    },
  ])
})
