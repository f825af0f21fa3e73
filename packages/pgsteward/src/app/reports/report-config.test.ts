import { expect, test } from 'vitest'
import { configSchema } from '../config/config-schema.ts'
import { reportPlans } from './report-config.ts'

const channels = {
  team: { type: 'slack', url: 'https://hooks.example.com/x' },
  pager: { type: 'pagerduty', routingKey: '0123456789abcdef0123456789abcdef' },
}
const parsed = (reports: object) => configSchema([]).safeParse({ alerts: { channels }, reports })
const messages = (reports: object) => parsed(reports).error?.issues.map(({ message }) => message) ?? []

test('all scheduled kinds are made without a word of configuration, and written nowhere', () => {
  const { reports } = configSchema([]).parse({})
  expect(reports.folder).toBeUndefined()
  expect(reportPlans(reports).map(({ kind, at, channels: told }) => [kind, at, told])).toEqual([
    ['daily', { length: 'day', minute: 450, day: 0 }, []],
    ['weekly', { length: 'week', minute: 540, day: 1 }, []],
    ['monthly', { length: 'month', minute: 540, day: 1 }, []],
    ['index-health', { length: 'week', minute: 540, day: 1 }, []],
    ['optimization', { length: 'month', minute: 540, day: 1 }, []],
  ])
})

test('false switches one off', () => {
  const { reports } = parsed({ daily: false, weekly: { channels: ['team'] } }).data!
  expect(reportPlans(reports).map(({ kind }) => kind)).not.toContain('daily')
  expect(reportPlans(reports)[0]).toMatchObject({ kind: 'weekly', channels: ['team'] })
})

test.each([
  [{ weekly: { channels: ['nobody'] } }, '"nobody" is no channel under alerts.channels'],
  [{ daily: { channels: ['constructor'] } }, '"constructor" is no channel under alerts.channels'],
  [
    { daily: { channels: ['pager'] } },
    '"pager" pages people (pagerduty): reports go to slack, email or webhook',
  ],
])('%j is refused', (reports, message) => {
  expect(messages(reports)).toEqual([message])
})

test.each([
  { weekly: { at: '09:00' } },
  { monthly: { at: '31 09:00' } },
  { timeZone: 'Mars/Olympus' },
  { formats: [] },
])('%j is refused', (reports) => {
  expect(messages(reports)).toHaveLength(1)
})
