import { beforeAll, expect, test } from 'vitest'
import { definitionText } from '../sql/index-definition.ts'
import { loadScriptReader, type ScriptReader } from '../sql/parse/read-script.ts'
import { migrationIndexes } from './migration-indexes.ts'

let readScript: ScriptReader
beforeAll(async () => {
  readScript = await loadScriptReader()
})

function after(...migrations: readonly string[]) {
  const { indexes, problems } = migrationIndexes(
    migrations.map((text, place) => ({ path: String(place + 1), text })),
    readScript,
  )
  return {
    indexes: indexes.map(
      (index) => `${index.name} on ${index.table} ${index.isUnique ? 'unique ' : ''}${definitionText(index)}`,
    ),
    from: indexes.map(({ declaredIn }) => declaredIn.join()),
    problems,
  }
}

const TABLE = 'create table t (id int primary key, a int, b int unique, c text, unique (a, c));'
const OWN = ['t_pkey on t unique (id)', 't_b_key on t unique (b)', 't_a_c_key on t unique (a, c)']

// names as PostgreSQL 18 gave them
test.each<[what: string, migrations: readonly string[], expected: readonly string[]]>([
  ['keys and unique constraints of a table', [TABLE], OWN],
  [
    'an index without a name',
    [TABLE, 'create index on t (a, lower(c), (b + 1)) include (id)'],
    [...OWN, 't_a_lower_expr_id_idx on t (a, lower(c), (b + 1)) include (id)'],
  ],
  [
    'a second one of the same name',
    ['create index on t (a); create index on t (a)'],
    ['t_a_idx on t (a)', 't_a_idx1 on t (a)'],
  ],
  ['a dropped index', [TABLE, 'create index x on t (a)', 'drop index concurrently if exists public.x'], OWN],
  ['a renamed index', ['create index x on t (a); alter index x rename to y'], ['y on t (a)']],
  ['a dropped table', [TABLE, 'drop table if exists t cascade'], []],
  ['a renamed table', [TABLE, 'alter table t rename to u'], OWN.map((each) => each.replace('on t', 'on u'))],
  [
    'a dropped column',
    [TABLE, 'create index x on t (b) where c is not null; alter table t drop column c'],
    OWN.slice(0, 2),
  ],
  [
    'a renamed column, in expressions and predicates too',
    ['create index x on t (lower(c), a) where c <> \'c\'; alter table t rename column c to "C"'],
    [`x on t (lower("C"), a) where "C" <> 'c'`],
  ],
  [
    'a constraint that is added and dropped',
    [
      TABLE,
      'alter table t add constraint k unique (c), add exclude using gist (a with =)',
      'alter table t drop constraint t_a_c_key',
    ],
    [...OWN.slice(0, 2), 'k on t unique (c)', 't_a_excl on t using gist (a)'],
  ],
  [
    'a constraint that takes an index over',
    ['create unique index x on t (a); alter table t add constraint k primary key using index x'],
    ['k on t unique (a)'],
  ],
  [
    'a column with its own constraint',
    ['alter table t add column d int unique'],
    ['t_d_key on t unique (d)'],
  ],
  [
    'an index that is there already',
    ['create index x on t (a)', 'create index if not exists x on t (a)'],
    ['x on t (a)'],
  ],
  ['a table that is there already', [TABLE, 'create table if not exists t (z int primary key)'], OWN],
])('X4: follows %s', (_, migrations, expected) => {
  expect(after(...migrations)).toMatchObject({ indexes: expected, problems: [] })
})

test('shortens the names that PostgreSQL chooses as it does', () => {
  const long = `create table a_table_with_quite_a_long_name (a_column_with_quite_a_long_name int);
    create index on a_table_with_quite_a_long_name (a_column_with_quite_a_long_name)`
  expect(after(long).indexes[0]?.split(' ')[0]).toBe(
    'a_table_with_quite_a_long_nam_a_column_with_quite_a_long_na_idx',
  )
})

test('says where each comes from, what could not be read, and what is not seen', () => {
  const { indexes, from, problems } = after(
    `${TABLE}\nselect from;\ncreate index x on t (a);`,
    'do $$ begin create index y on t (b); end $$;\n\ncreate index if not exists x on t (b);',
  )
  expect(indexes).toHaveLength(4)
  expect(from).toEqual(['1:1', '1:1', '1:1', '1:3'])
  expect(problems).toEqual([
    { where: '1:2', because: expect.stringContaining('syntax error') },
    { where: '2:1', because: expect.stringContaining('DO block') },
    { where: '2:3', because: expect.stringContaining('another definition') },
  ])
})
