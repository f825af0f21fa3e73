// What has to be settled before a table can be divided by a key, and what will be otherwise afterwards.

import type { PartitionBlocker } from '../../model/partition-advice.ts'
import { targetWords } from '../../sql/parse/conflict-targets.ts'
import type { KeyColumn } from '../../sql/partition/weigh-keys.ts'
import { ident, qualified } from '../../sql/quote.ts'
import type { Surroundings } from '../surroundings.ts'
import type { PartitionGround } from './partition-ground.ts'
import type { Specialty } from './read-specialties.ts'

export function blockersOf(
  ground: PartitionGround,
  key: KeyColumn,
  surroundings: Pick<Surroundings, 'indexes' | 'foreignKeys' | 'tables'>,
  specialties: readonly Specialty[],
): readonly PartitionBlocker[] {
  return [
    ...keyBlockers(ground, key),
    ...foreignKeyBlockers(ground, key, surroundings),
    ...uniqueBlockers(ground, key, surroundings),
    ...conflictBlockers(ground, key, surroundings),
    ...specialties.flatMap((each) => SPECIALTY_BLOCKERS[each.kind]?.(each.name, ground) ?? []),
  ]
}

function keyBlockers(
  { table }: PartitionGround,
  { name, isNotNull, isGenerated }: KeyColumn,
): PartitionBlocker[] {
  if (isGenerated)
    return [
      {
        kind: 'generated key',
        name,
        because: 'PostgreSQL takes no generated column as a partition key.',
        whatToDo: 'Make it an ordinary column that a trigger or the application fills.',
      },
    ]
  if (isNotNull) return []
  const on = qualified(table.schema, table.name)
  return [
    {
      kind: 'nullable key',
      name,
      because: 'The primary key has to hold it, and takes no nulls; a row without it belongs to no range.',
      whatToDo: `alter table ${on} add constraint ${ident(`${table.name}_${name}_not_null`)} check (${ident(name)} is not null) not valid; validate it; then alter column ${ident(name)} set not null, which scans nothing any more.`,
    },
  ]
}

function foreignKeyBlockers(
  { table }: PartitionGround,
  { name: key }: KeyColumn,
  { foreignKeys }: Pick<Surroundings, 'foreignKeys'>,
): PartitionBlocker[] {
  return foreignKeys
    .filter(
      ({ parent }) =>
        parent.schema === table.schema && parent.table === table.name && !parent.columns.includes(key),
    )
    .map(({ name, child, parent }) => ({
      kind: 'foreign key',
      name,
      because: `${child.schema}.${child.table} (${child.columns.join(', ')}) references (${parent.columns.join(', ')}), whose uniqueness would have to hold ${key} too.`,
      whatToDo: `Give ${child.table} a column for ${key} and reference both, or drop the constraint and let the application keep it.`,
    }))
}

function uniqueBlockers(
  { table }: PartitionGround,
  { name: key }: KeyColumn,
  { indexes, tables }: Pick<Surroundings, 'indexes' | 'tables'>,
): PartitionBlocker[] {
  const primaryKey = tables.find(
    (each) => each.schema === table.schema && each.name === table.name,
  )?.primaryKey
  const own = indexes.filter((index) => index.schema === table.schema && index.table === table.name)
  return own.flatMap((index): PartitionBlocker[] => {
    const columns = index.keys.map(({ sql }) => sql.replace(/^"(.*)"$/, '$1').replaceAll('""', '"'))
    const words = index.keys.map(({ sql }) => sql).join(', ')
    if (index.isConstraint && !index.isUnique)
      return [
        {
          kind: 'exclusion constraint',
          name: index.name,
          because: `Rows of different partitions can't be kept from overlapping in (${words}); before PostgreSQL 17 not even those of one.`,
          whatToDo: `From 17 on it may stay where it holds ${key} with =; else keep it in the application.`,
        },
      ]
    if (!index.isUnique || columns.includes(key)) return []
    if (index.isConstraint && columns.join('\0') === primaryKey?.join('\0')) return []
    return [
      {
        kind: 'unique constraint',
        name: index.name,
        because: `(${words}) can be kept unique within a partition only, not over all of them.`,
        whatToDo: `Take ${key} into it if that is unique enough, or keep the values unique in a small table of their own that is written in the same transaction.`,
      },
    ]
  })
}

function conflictBlockers(
  { table, conflicts }: PartitionGround,
  { name: key }: KeyColumn,
  { indexes }: Pick<Surroundings, 'indexes'>,
): PartitionBlocker[] {
  const own = indexes.filter((index) => index.schema === table.schema && index.table === table.name)
  return conflicts
    .filter(({ target: { columns, constraint } }) => {
      const named = own.find(({ name }) => name === constraint)
      return !(constraint === null ? columns : (named?.columns ?? [])).includes(key)
    })
    .map(({ id, target }) => ({
      kind: 'on conflict',
      name: id,
      because: `Its ON CONFLICT ${targetWords(target)} on ${table.name} needs a unique index on just that, which can't be had without ${key}.`,
      whatToDo: `Write it as ON CONFLICT (${[...target.columns, key].join(', ')}) where the same row always comes with the same ${key}; else look the row up first.`,
    }))
}

const NOTE_ROW_TYPE =
  'What is bound to the table by its identity stays with the old one when the names are exchanged.'

const SPECIALTY_BLOCKERS: Partial<
  Record<Specialty['kind'], (name: string, ground: PartitionGround) => PartitionBlocker[]>
> = {
  view: (name) => [
    {
      kind: 'view',
      name,
      because: NOTE_ROW_TYPE,
      whatToDo: 'Create it anew in the transaction that exchanges the names.',
    },
  ],
  'materialized view': (name) => [
    {
      kind: 'view',
      name,
      because: NOTE_ROW_TYPE,
      whatToDo: 'Create it anew after the names are exchanged, and refresh it.',
    },
  ],
  'row type': (name) => [
    { kind: 'row type', name, because: NOTE_ROW_TYPE, whatToDo: 'Create it anew on the new table.' },
  ],
  'transition trigger': (name) => [
    {
      kind: 'trigger',
      name,
      because: 'A row trigger with transition tables is not allowed on a partition.',
      whatToDo: 'Make it a statement trigger, or one that does without them.',
    },
  ],
  parent: (name) => [
    {
      kind: 'inheritance',
      name,
      because: `The table inherits from ${name}; a partitioned table can't.`,
      whatToDo: `alter table ... no inherit ${name}, and let readers of ${name} ask both.`,
    },
  ],
  child: (name) => [
    {
      kind: 'inheritance',
      name,
      because: `${name} inherits from the table; none can from a partitioned one.`,
      whatToDo: `Where the children divide it already, make them partitions: no inherit, then attach.`,
    },
  ],
  rule: (name) => [
    {
      kind: 'rule',
      name,
      because: NOTE_ROW_TYPE,
      whatToDo: 'Create it anew on the new table, or as a trigger.',
    },
  ],
  unlogged: (_, { table }) => [
    {
      kind: 'unlogged',
      name: table.name,
      because:
        'Whether partitions are logged is said of each of them; from PostgreSQL 18 on not of the whole.',
      whatToDo: 'Decide whether a crash may empty it: alter table ... set logged.',
    },
  ],
}

/** Nothing that stands in the way, but what changes. */
export function cautionsOf(
  { table }: PartitionGround,
  key: KeyColumn,
  { tables, indexes }: Pick<Surroundings, 'tables' | 'indexes'>,
  specialties: readonly Specialty[],
): readonly string[] {
  const primaryKey =
    tables.find((each) => each.schema === table.schema && each.name === table.name)?.primaryKey ?? []
  const columns = [...primaryKey, key.name].join(', ')
  const isWidened = primaryKey.length > 0 && !primaryKey.includes(key.name)
  const hasBrin = indexes.some(
    (index) => index.schema === table.schema && index.table === table.name && index.method === 'brin',
  )
  const publications = specialties.filter(({ kind }) => kind === 'publication').map(({ name }) => name)
  const has = (kind: Specialty['kind']) => specialties.some((each) => each.kind === kind)
  return [
    ...(isWidened
      ? [
          `The primary key becomes (${columns}): that ${primaryKey.join(', ')} alone is unique, the database no longer sees to. In Prisma the model needs @@id([${columns}]), and findUnique takes both.`,
        ]
      : []),
    ...(primaryKey.length === 0
      ? [
          'Without a primary key no migration can tell which row changed while rows are copied: add one first.',
        ]
      : []),
    ...(publications.length > 0
      ? [
          `Published in ${publications.join(', ')}: subscribers see partitions as tables of their own unless the publication has publish_via_partition_root.`,
        ]
      : []),
    ...(has('row security')
      ? [
          'Row security policies hold for queries through the partitioned table, not for partitions queried by name.',
        ]
      : []),
    ...(has('replica identity') ? ['Its replica identity has to be set for each partition.'] : []),
    ...(hasBrin ? ['A BRIN index is mostly not needed beside partitions by the same column.'] : []),
    'An update that changes the key moves the row to another partition: a delete and an insert.',
  ]
}
