import { expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import { settingRow, statementRow, statementTextRow } from '../../../test/rows.ts'
import type { SettingOverrideRow } from '../../facts/setting-overrides.ts'
import type { StatementRow } from '../../facts/statements.ts'
import { statementTimeoutOff } from './statement-timeout-off.ts'

const MINUTE = 60_000
/** 1,000 calls of 1 ms, one of which took ten minutes on some day. */
const facts = (
  over: Partial<StatementRow> = {},
  { limit = '0', text = 'select 1', overrides = [] as readonly SettingOverrideRow[] } = {},
) => ({
  statements: intervalOf([
    statementRow({ calls: 1_000, maxExecMs: 10 * MINUTE, ...over }),
    statementRow({ queryId: '2', calls: 1, maxExecMs: 5 }),
    // reports run as a role of their own
    statementRow({
      queryId: '3',
      user: 'reports',
      calls: 200,
      totalExecMs: 200 * MINUTE,
      maxExecMs: 9 * MINUTE,
    }),
  ]),
  statementTexts: [statementTextRow('select * from parcel'), statementTextRow(text, '2')],
  settings: [settingRow({ name: 'statement_timeout', value: limit, unit: 'ms' })],
  settingOverrides: overrides,
})
const given = (role: string | null, value = '10s') => ({
  overrides: [{ role, database: null, name: 'statement_timeout', value }],
})

test.each([
  ['short calls', facts({ maxExecMs: 20_000 })],
  ['statements that take seconds', facts({ totalExecMs: 3_000_000 })],
  ['a few calls', facts({ calls: 20 })],
  ['a limit for the server', facts({}, { limit: '60000' })],
  ['a limit for the role', facts({}, given('web'))],
  ['a role that was left without on purpose', facts({}, given('web', '0'))],
  ['a limit for everybody', facts({}, given(null))],
  ['a role that migrates too', facts({}, { text: 'alter table parcel add column note text' })],
  ['another database', facts({ database: 'other' })],
])('is quiet on %s', (_, each) => {
  expect(judge(statementTimeoutOff, each)).toEqual([])
})

test.each([
  ['no limit anywhere', facts()],
  ['a limit for another role', facts({}, given('reports'))],
])('finds a long call of short statements with %s', (_, each) => {
  expect(judge(statementTimeoutOff, each)).toMatchObject([
    {
      subject: { kind: 'role', name: 'web' },
      severity: 'info',
      evidence: expect.arrayContaining([
        { label: 'longest call', value: 10 * MINUTE, unit: 'ms' },
        { label: 'its statement', value: 'select * from parcel', unit: 'text' },
      ]),
      remedy: {
        sql: ["alter role web in database app set statement_timeout = '30000ms'"],
        undo: ['alter role web in database app reset statement_timeout'],
      },
    },
  ])
})
