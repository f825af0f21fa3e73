import { expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import { capturedPlan, knownPlan } from '../../../test/plans/captured.ts'
import { settingRow, statementRow, statementTextRow } from '../../../test/rows.ts'
import { tempFileSpill } from './temp-file-spill.ts'

const MB_IN_BLOCKS = 128
const spill = (calls: number, mbPerCall: number) =>
  statementRow({ calls, tempBlocksWritten: calls * mbPerCall * MB_IN_BLOCKS })
const facts = (row: ReturnType<typeof spill>, text = 'select * from parcel order by weight') => ({
  statements: intervalOf([row]),
  statementTexts: [statementTextRow(text)],
  statementPlans: [],
  settings: [settingRow({ name: 'work_mem', value: '4096', unit: 'kB', context: 'user' })],
  settingOverrides: [],
})

const quiet = {
  'a statement that fits': facts(spill(1000, 0)),
  'a spill of some pages': facts(spill(100, 0.5)),
  'a report that spilled once': facts(spill(1, 5000)),
  'an index build, which has a memory of its own': facts(spill(5, 100), 'CREATE INDEX a ON b (c)'),
}

test.each(Object.entries(quiet))('is quiet on %s', (_, given) => {
  expect(judge(tempFileSpill, given)).toEqual([])
})

const finds = {
  'a small spill at every call': {
    given: facts(spill(10, 2)),
    severity: 'info',
    sql: "set work_mem = '16MB'",
  },
  'spills that fill the disk’s bandwidth': {
    given: facts(spill(100, 20)),
    severity: 'warning',
    sql: "set work_mem = '64MB'",
  },
}

test.each(Object.entries(finds))('finds %s', (_, { given, severity, sql }) => {
  expect(judge(tempFileSpill, given)).toMatchObject([
    {
      severity,
      remedy: {
        sql: [`alter role web in database app ${sql}`],
        undo: ['alter role web in database app reset work_mem'],
      },
    },
  ])
})

test('advises no memory for what no memory can hold', () => {
  const findings = judge(tempFileSpill, facts(spill(10, 500)))
  expect(findings).toMatchObject([{ severity: 'warning' }])
  expect(findings).not.toMatchObject([{ remedy: expect.anything() }])
})

test('undo brings back what the role had', () => {
  const settingOverrides = [{ role: 'web', database: 'app', name: 'work_mem', value: '8MB' }]
  expect(judge(tempFileSpill, { ...facts(spill(10, 2)), settingOverrides })).toMatchObject([
    { remedy: { undo: ["alter role web in database app set work_mem = '8MB'"] } },
  ])
})

test('reckons with what the role or the database was given, the narrowest first', () => {
  const given = (role: string | null, database: string | null, value: string) => ({
    role,
    database,
    name: 'work_mem',
    value,
  })
  const workMemWith = (...settingOverrides: ReturnType<typeof given>[]) => {
    const findings = judge(tempFileSpill, { ...facts(spill(10, 2)), settingOverrides })
    return 'skip' in findings
      ? null
      : findings[0]?.evidence.find((each) => each.label === 'work_mem of the user')?.value
  }
  expect(workMemWith()).toBe(4 * 1024 ** 2)
  expect(workMemWith(given('web', null, '512kB'), given(null, 'app', '2MB'))).toBe(512 * 1024)
  expect(workMemWith(given(null, 'app', '2048'))).toBe(2 * 1024 ** 2)
  expect(workMemWith(given('other', null, '1MB'), given('web', 'other', '1MB'))).toBe(4 * 1024 ** 2)
})

test('leaves the story to spilling-sort-or-hash where a plan tells the step', () => {
  const told = [knownPlan(capturedPlan('spilling-sort', 'analyzed'))]
  expect(judge(tempFileSpill, { ...facts(spill(100, 20)), statementPlans: told })).toEqual([])
  const untold = [knownPlan(capturedPlan('spilling-sort', 'generic'))]
  expect(judge(tempFileSpill, { ...facts(spill(100, 20)), statementPlans: untold })).toHaveLength(1)
})
