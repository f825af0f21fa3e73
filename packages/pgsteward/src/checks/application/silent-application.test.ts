import { expect, test } from 'vitest'
import { judgedApplication, NOBODY, readingOf } from '../../../test/application/rows.ts'
import { ago, judge } from '../../../test/judge.ts'
import { silentApplication } from './silent-application.ts'

const minutes = (count: number) => count * 60_000
const judged = (over: object, options = {}) =>
  judge(
    silentApplication,
    { applications: readingOf<never>([], { applications: [judgedApplication(over)] }) },
    { options },
  )

const quiet = {
  'one that speaks': { lastSeenAt: ago(5_000) },
  'one that missed a few reports': { lastSeenAt: ago(minutes(4)) },
  'a script that ran for a while': { firstSeenAt: ago(minutes(40)), lastSeenAt: ago(minutes(10)) },
}

test.each(Object.entries(quiet))('is quiet on %s', (_, over) => {
  expect(judged(over)).toEqual([])
})

test('is quiet on applications that are named as coming and going', () => {
  expect(judged({ lastSeenAt: ago(minutes(6)) }, { ignoreApplications: ['shop'] })).toEqual([])
})

test('is skipped where nobody ever reported', () => {
  expect(judge(silentApplication, { applications: NOBODY })).toHaveProperty('skip')
})

test('finds one that reported for long and stopped', () => {
  expect(judged({ lastSeenAt: ago(minutes(6)) })).toMatchObject([
    {
      subject: { kind: 'application', name: 'shop' },
      severity: 'warning',
      summary: 'shop stopped reporting',
      evidence: expect.arrayContaining([{ label: 'silent for', value: minutes(6), unit: 'ms' }]),
    },
  ])
})
