import { expect, test } from 'vitest'
import { comparedWords, coverageWords, isPath, reportValue, scheduleWords } from './report-words.ts'

test.each([
  ['/statements?target=shop', true],
  ['//e.invalid', false],
  ['/\\e.invalid', false],
  ['javascript:alert(1)', false],
  [null, false],
])('%s leads into the dashboard: %s', (link, is) => {
  expect(isPath(link)).toBe(is)
})

test('what is not known is said, and a figure with what it is judged against', () => {
  expect(reportValue(null, 'count')).toBe('not known')
  const figure = { label: '', value: 1, judgement: 'bad', note: null, link: null, unit: 'count' } as const
  expect(comparedWords({ ...figure, was: 3, limit: 0 })).toBe('was 3, limit 0')
  expect(comparedWords({ ...figure, was: null, limit: null })).toBe('')
})

test('a gap is never 100 %', () => {
  const of = (ratio: number, gaps: number) =>
    coverageWords({ coverage: { ratio, gaps: Array(gaps).fill(null) } } as never)
  expect(of(0.99999, 1)).toBe('99.9 % of this time was observed.')
  expect(of(1, 0)).toBeNull()
})

test('the schedule is a sentence', () => {
  const wire = { timeZone: 'Europe/Berlin', folder: 'reports', reports: [] }
  const schedule = [
    { kind: 'daily' as const, at: '07:30', channels: [] },
    { kind: 'weekly' as const, at: 'Mon 09:00', channels: ['team'] },
  ]
  expect(scheduleWords({ ...wire, schedule })).toBe(
    'Made by themselves: daily 07:30; weekly Mon 09:00 to team (Europe/Berlin). Also written to the folder reports.',
  )
  expect(scheduleWords({ ...wire, schedule: [] })).toMatch(/^None is made by itself/)
})
