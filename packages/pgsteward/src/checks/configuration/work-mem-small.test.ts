import { expect, test } from 'vitest'
import { intervalOf, judge } from '../../../test/judge.ts'
import { settingRow, statementRow, statementTextRow } from '../../../test/rows.ts'
import type { ConnectionsRow } from '../../facts/connections.ts'
import type { SettingOverrideRow } from '../../facts/setting-overrides.ts'
import { workMemSmall } from './work-mem-small.ts'

const MB_IN_BLOCKS = 128
const MB = 1024 ** 2
const spill = (queryId: string, mbPerCall: number, calls = 10) =>
  statementRow({ queryId, calls, tempBlocksWritten: calls * mbPerCall * MB_IN_BLOCKS })
const connections: ConnectionsRow = {
  maxConnections: 103,
  reservedConnections: 3,
  usableConnections: 100,
  total: 20,
  active: 2,
  idle: 18,
  idleInTransaction: 0,
  blocked: 0,
  own: 1,
  oldestTransactionMs: null,
}
const facts = (
  rows: readonly ReturnType<typeof spill>[],
  settingOverrides: readonly SettingOverrideRow[] = [],
) => ({
  statements: intervalOf(rows),
  statementTexts: rows.map(({ queryId }) =>
    statementTextRow(`select * from parcel order by c${queryId}`, queryId),
  ),
  settings: [
    settingRow({ name: 'work_mem', value: '4096', unit: 'kB', context: 'user' }),
    // 1 GB
    settingRow({ name: 'shared_buffers', value: '131072', unit: '8kB' }),
  ],
  settingOverrides,
  connections: [connections],
})
const three = [spill('1', 2), spill('2', 3), spill('3', 3)]

test.each([
  ['two statements', facts([spill('1', 2), spill('2', 30)])],
  ['spills of some pages', facts(three.map(({ queryId }) => spill(queryId, 0.5)))],
  ['reports that spilled once', facts(three.map(({ queryId }) => spill(queryId, 50, 1)))],
  [
    'a role that was given its own',
    facts(three, [{ role: 'web', database: null, name: 'work_mem', value: '8MB' }]),
  ],
])('is quiet on %s', (_, given) => {
  expect(judge(workMemSmall, given)).toEqual([])
})

test('finds several that spill, and the value that holds most of their calls', () => {
  // the fourth would need 512 MB, and is called rarely
  expect(judge(workMemSmall, facts([...three, spill('4', 100, 5)]))).toMatchObject([
    {
      subject: { kind: 'setting', name: 'work_mem' },
      severity: 'info',
      evidence: expect.arrayContaining([
        { label: 'statements that spill', value: 4, unit: 'count' },
        { label: 'would hold most of them', value: 16 * MB, unit: 'bytes' },
        { label: 'with one sort each', value: 320 * MB, unit: 'bytes' },
        { label: 'advised up to', value: 1024 * MB, unit: 'bytes' },
        { label: 'the heaviest', value: expect.stringContaining('order by c4'), unit: 'text' },
      ]),
      remedy: {
        sql: ["alter database app set work_mem = '16MB'"],
        undo: ['alter database app reset work_mem'],
      },
    },
  ])
})

test('advises nothing that all connections together could not have', () => {
  const findings = judge(workMemSmall, facts(three.map(({ queryId }) => spill(queryId, 30))))
  expect(findings).toMatchObject([{ summary: expect.stringContaining('no memory') }])
  expect(findings).not.toHaveProperty('0.remedy')
})
