import { describe, expect, test } from 'vitest'
import { readJsonWorkload, readSqlWorkload, workloadList } from './workload.ts'

describe('a JSON workload', () => {
  test('takes camel and snake case, sql and template, and names what it leaves out', () => {
    const workload = readJsonWorkload([
      { id: 'a', sql: 'select 1;', callsPerMinute: 2 },
      {
        id: 7,
        template: 'select $1',
        calls_per_minute: 3,
        variants: [["'x'"], [5], ['it is plain'], [null]],
      },
      { id: 'b' },
      { id: 'c', sql: 'select 1', callsPerMinute: -1 },
      'no object',
    ])!
    expect(workload.statements).toEqual([
      { id: 'a', sql: 'select 1', callsPerMinute: 2, variants: [], rowsPerCall: null },
      {
        id: '7',
        sql: 'select $1',
        callsPerMinute: 3,
        variants: [["'x'"], ['5'], ["'it is plain'"], ['null']],
        rowsPerCall: null,
      },
    ])
    expect(workload.leftOut.map(({ id }) => id)).toEqual(['b', 'c', 'statement 5'])
  })

  test('may lie under "queries" or "statements"; other JSON is none', () => {
    expect(readJsonWorkload(workloadList({ queries: [{ sql: 'select 1' }] })!).statements).toHaveLength(1)
    expect(readJsonWorkload(workloadList({ statements: [] })!)).toEqual({ statements: [], leftOut: [] })
    expect(workloadList({ other: 1 })).toBeNull()
    expect(workloadList(3)).toBeNull()
  })
})

describe('a SQL workload', () => {
  test('is split at semicolons outside of quotes, comments and dollar quotes', () => {
    const { statements } = readSqlWorkload("select ';'; -- a;b\nselect 2 /* ; */; select $x$;$x$;")
    expect(statements.map(({ sql }) => sql)).toEqual(["select ';'", 'select 2', 'select $x$;$x$'])
    expect(readSqlWorkload('select 1; select 2').statements.map(({ id }) => id)).toEqual([
      'statement 1',
      'statement 2',
    ])
  })
})
