import { expect, test } from 'vitest'
import { libpqEnvironment, repackProblem } from './repack-client.ts'

test('a URL goes by the environment, decoded, and what it does not say is left out', () => {
  expect(libpqEnvironment('postgres://ada:p%40ss@db.example:6432/sh%20op?sslmode=verify-full')).toEqual({
    PGHOST: 'db.example',
    PGPORT: '6432',
    PGUSER: 'ada',
    PGPASSWORD: 'p@ss',
    PGDATABASE: 'sh op',
    PGSSLMODE: 'verify-full',
  })
  expect(libpqEnvironment('postgres:///shop?host=/run/postgresql')).toEqual({
    PGHOST: '/run/postgresql',
    PGDATABASE: 'shop',
  })
})

test('what is missing is named: the extension, the program', async () => {
  const program = { program: 'no-such-pg-repack', major: 18 }
  expect(await repackProblem(program, undefined, true)).toMatch(/extension pg_repack is not installed/)
  expect(await repackProblem(program, '1.5.2', false)).toMatch(
    /no-such-pg-repack is not where pgsteward runs/,
  )
})

test('another version than the extension is refused', async () => {
  // any program that tells a version of its own
  expect(await repackProblem({ program: process.execPath, major: 18 }, '1.5.2', true)).toMatch(
    /is of version \d+\.\d+\.\d+, its extension in this database of 1\.5\.2/,
  )
})

test('one for superusers alone is not tried as another role', async () => {
  const program = { program: 'no-such-pg-repack', major: 18 }
  expect(await repackProblem(program, '1.4.8', false)).toMatch(/1\.4\.8 is for superusers: from 1\.5\.2 on/)
  expect(await repackProblem(program, '1.10', false)).toMatch(/is not where pgsteward runs/)
  expect(await repackProblem(program, '1.4.8', true)).toMatch(/is not where pgsteward runs/)
})
