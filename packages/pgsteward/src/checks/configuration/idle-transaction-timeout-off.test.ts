import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { settingRow } from '../../../test/rows.ts'
import { idleTransactionTimeoutOff } from './idle-transaction-timeout-off.ts'

const NAME = 'idle_in_transaction_session_timeout'
const limit = (value: string) => [settingRow({ name: NAME, value, unit: 'ms' })]
const given = (value: string, role: string | null, database: string | null) => [
  { role, database, name: NAME, value },
]

const quiet = {
  'a limit for the whole server': { settings: limit('60000'), settingOverrides: [] },
  'a limit for this database': { settings: limit('0'), settingOverrides: given('5min', null, 'app') },
  'a limit for a role in every database': {
    settings: limit('0'),
    settingOverrides: given('30s', 'web', null),
  },
}

test.each(Object.entries(quiet))('is quiet on %s', (_, facts) => {
  expect(judge(idleTransactionTimeoutOff, facts)).toEqual([])
})

const finds = {
  'no limit anywhere': { settings: limit('0'), settingOverrides: [] },
  'a limit for another database': { settings: limit('0'), settingOverrides: given('5min', null, 'other') },
  'an override that says no limit': { settings: limit('0'), settingOverrides: given('0', 'web', null) },
}

test.each(Object.entries(finds))('finds %s', (_, facts) => {
  expect(judge(idleTransactionTimeoutOff, facts)).toMatchObject([
    {
      subject: { kind: 'setting', name: NAME },
      severity: 'info',
      remedy: {
        sql: [`alter database app set ${NAME} = '300000ms'`],
        undo: [`alter database app reset ${NAME}`],
      },
    },
  ])
})
