import { expect, test } from 'vitest'
import { readMigrations, statementsOf } from './migrations.ts'

test('no comment of a migration holds a semicolon: the driver adapter cuts scripts at each of them', () => {
  const migrations = readMigrations()
  expect(migrations.length).toBeGreaterThanOrEqual(4)
  for (const { name, sql } of migrations) {
    const comments = sql.split('\n').filter((line) => /--.*;/.test(line))
    expect([name, comments]).toEqual([name, []])
  }
})

test('statements come one by one, without comments', () => {
  const sql = '-- why\ncreate table a (id int);\n\n-- and\ncreate index on a (id);\n'
  expect(statementsOf({ name: 'x', sql })).toEqual(['create table a (id int)', 'create index on a (id)'])
})
