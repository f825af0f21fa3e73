import { expect, test } from 'vitest'
import type { DatabaseRow } from '../facts/databases.ts'
import type { StatementRow } from '../facts/statements.ts'
import type { Interval } from '../model/fact.ts'
import { totalsOf, withoutOwnCommits } from './own-part.ts'

const statement = (calls: number, totalExecMs: number, isTopLevel = true) =>
  ({ calls, totalExecMs, totalPlanMs: 1, rows: calls, isTopLevel }) as StatementRow

test('a nested statement is part of its caller', () => {
  const others = [statement(2, 100), statement(50, 90, false)]
  expect(totalsOf(others, [statement(3, 4)])).toEqual({
    calls: 2,
    execMs: 100,
    rows: 2,
    ownCalls: 3,
    ownExecMs: 5,
  })
})

test('our own transactions are taken out of the watched database alone, and never below zero', () => {
  const rows = [
    { database: 'shop', commits: 30 },
    { database: 'quiet', commits: 5 },
  ] as DatabaseRow[]
  const increase: Interval<DatabaseRow> = {
    window: { from: new Date(0), to: new Date(60_000) },
    seconds: 60,
    rows,
    breaks: [],
  }
  const commits = (database: string, own: number) =>
    withoutOwnCommits(increase, database, own).rows.map((row) => row.commits)
  expect(commits('shop', 20)).toEqual([10, 5])
  expect(commits('quiet', 20)).toEqual([30, 0])
})
