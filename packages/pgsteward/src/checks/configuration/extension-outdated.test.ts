import { expect, test } from 'vitest'
import { judge } from '../../../test/judge.ts'
import type { ExtensionRow } from '../../facts/extensions.ts'
import { extensionOutdated } from './extension-outdated.ts'

const extension = (over: Partial<ExtensionRow> = {}): ExtensionRow => ({
  database: 'app',
  name: 'pg_stat_statements',
  offeredVersion: '1.12',
  installedVersion: '1.9',
  ...over,
})

const quiet = {
  'the version that is offered': extension({ installedVersion: '1.12' }),
  'one that is not installed': extension({ installedVersion: null }),
}

test.each(Object.entries(quiet))('is quiet on %s', (_, row) => {
  expect(judge(extensionOutdated, { extensions: [row] })).toEqual([])
})

test('is quiet on one that is kept back by name', () => {
  expect(
    judge(extensionOutdated, { extensions: [extension()] }, { options: { ignore: ['pg_stat_statements'] } }),
  ).toEqual([])
})

const finds = {
  'an older version': extension(),
  'a version that only looks higher as text': extension({ installedVersion: '1.9' }),
  'a name that needs quotes': extension({
    name: 'uuid-ossp',
    installedVersion: '1.0',
    offeredVersion: '1.1',
  }),
}

test.each(Object.entries(finds))('finds %s', (_, row) => {
  expect(judge(extensionOutdated, { extensions: [row] })).toMatchObject([
    { subject: { kind: 'extension', name: row.name }, severity: 'info' },
  ])
})

test('the remedy quotes the name', () => {
  expect(judge(extensionOutdated, { extensions: [finds['a name that needs quotes']] })).toMatchObject([
    { remedy: { sql: ['alter extension "uuid-ossp" update to \'1.1\''] } },
  ])
})
