import { beforeAll, expect, test } from 'vitest'
import { loadScriptReader, type ScriptReader } from '../sql/parse/read-script.ts'
import type { StatisticsFile } from '../twin/statistics/statistics-file.ts'
import { pendingMigrations } from './pending-migrations.ts'
import { readMigrations } from './read-migrations.ts'

let read: ScriptReader
beforeAll(async () => {
  read = await loadScriptReader()
})

const FOLDER = {
  '001_tables': 'create table a (id int); create table gone (id int)',
  '002_index': 'create index a_idx on a (id)',
  '003_clean': 'drop table gone',
  '004_column': 'alter table a add column note text; create index a_note_idx on a (note)',
  '005_drop': 'drop index a_idx',
}

function pending(file: Partial<StatisticsFile>, since: string | null = null) {
  const texts = Object.entries(FOLDER).map(([name, text]) => ({ name, path: name, text }))
  const found = pendingMigrations(readMigrations(texts, 'psql', read), file as StatisticsFile, since)
  return found === null ? null : [found.knownBy, ...found.pending.map(({ name }) => name)]
}

function file(indexes: readonly string[], columns: readonly string[], others: readonly string[] = []) {
  const table = (name: string, own: readonly string[], keys: readonly string[]) => ({
    name,
    columns: own.map((each) => ({ name: each })),
    indexes: keys.map((each) => ({ name: each })),
    foreignKeys: [],
  })
  return {
    objects: [],
    tables: [table('a', columns, indexes), ...others.map((name) => table(name, ['id'], []))],
  } as unknown as Partial<StatisticsFile>
}

test('what the database recorded is applied, whatever its objects say', () => {
  const recorded = { ...file([], []), appliedMigrations: ['001_tables', '002_index.sql', '003_clean'] }
  expect(pending(recorded)).toEqual(['recorded', '004_column', '005_drop'])
})

test('another tool’s record says nothing', () => {
  const recorded = { ...file(['a_idx'], ['id']), appliedMigrations: ['somebody_else'] }
  expect(pending(recorded)).toEqual(['recognised', '004_column', '005_drop'])
})

test('without a record a migration is applied when what it makes is there, and all before it', () => {
  expect(pending(file(['a_idx'], ['id'], ['gone']))).toEqual([
    'recognised',
    '003_clean',
    '004_column',
    '005_drop',
  ])
  expect(pending(file(['a_idx'], ['id']))).toEqual(['recognised', '004_column', '005_drop'])
  expect(pending(file(['a_idx', 'a_note_idx'], ['id', 'note']))).toEqual(['recognised', '005_drop'])
  expect(pending(file(['a_note_idx'], ['id', 'note']))).toEqual(['recognised'])
})

test('--since names the last one that is applied', () => {
  expect(pending(file([], []), '003_clean')).toEqual(['since', '004_column', '005_drop'])
  expect(pending(file([], []), 'nowhere')).toBeNull()
})
