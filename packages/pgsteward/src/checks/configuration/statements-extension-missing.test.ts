import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import { settingRow } from '../../../test/rows.ts'
import { statementsExtensionMissing } from './statements-extension-missing.ts'

const preloaded = (value: string, source = 'configuration file') => [
  settingRow({ name: 'shared_preload_libraries', value, source, context: 'postmaster' }),
]
const offered = [
  { database: 'app', name: 'pg_stat_statements', offeredVersion: '1.12', installedVersion: null },
]
const without = { server: { extensions: new Map<string, string>() } }

const quiet = {
  'one that is loaded and created': preloaded('pg_stat_statements'),
  'one among others': preloaded('auto_explain, "pg_stat_statements"'),
}

test.each(Object.entries(quiet))('is quiet on %s', (_, settings) => {
  expect(judge(statementsExtensionMissing, { settings, extensions: offered })).toEqual([])
})

test('a role that may not read the list of libraries can conclude nothing', () => {
  expect(judge(statementsExtensionMissing, { settings: [], extensions: offered })).toHaveProperty('skip')
})

const finds = {
  'one that is loaded but not created': {
    settings: preloaded('pg_stat_statements'),
    sql: ['create extension if not exists pg_stat_statements'],
  },
  'one that is not loaded, keeping the libraries that are': {
    settings: preloaded('auto_explain,"My Lib"'),
    sql: [
      "alter system set shared_preload_libraries = 'auto_explain', 'My Lib', 'pg_stat_statements'",
      'create extension if not exists pg_stat_statements',
    ],
  },
}

test.each(Object.entries(finds))('finds %s', (_, { settings, sql }) => {
  expect(judge(statementsExtensionMissing, { settings, extensions: offered }, without)).toMatchObject([
    { subject: { kind: 'extension', name: 'pg_stat_statements' }, severity: 'info', remedy: { sql } },
  ])
})

test('an extension created without its library loaded needs the library alone', () => {
  expect(judge(statementsExtensionMissing, { settings: preloaded(''), extensions: offered })).toMatchObject([
    { remedy: { sql: ["alter system set shared_preload_libraries = 'pg_stat_statements'"] } },
  ])
})

test('no remedy where the package is not on the server, or the command line decides', () => {
  for (const [settings, extensions] of [
    [preloaded(''), []],
    [preloaded('', 'command line'), offered],
  ] as const) {
    const findings = judge(statementsExtensionMissing, { settings, extensions }, without)
    expect(findings).toMatchObject([{ severity: 'info' }])
    expect(findings).not.toMatchObject([{ remedy: expect.anything() }])
  }
})
