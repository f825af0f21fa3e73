import { expect, test } from 'vitest'
import type { KeyColumn } from '../../sql/partition/weigh-keys.ts'
import type { ExistingIndex, ForeignKey } from '../surroundings.ts'
import { blockersOf, cautionsOf } from './blockers.ts'
import type { PartitionGround } from './partition-ground.ts'
import type { Specialty } from './read-specialties.ts'

const KEY: KeyColumn = {
  name: 'sent_at',
  type: 'timestamp with time zone',
  isNotNull: true,
  isGenerated: false,
  nullShare: 0,
  correlation: 1,
  distinct: -1,
  buckets: [0, 1],
}
const index = (
  name: string,
  columns: readonly string[],
  over: Partial<ExistingIndex> = {},
): ExistingIndex => ({
  schema: 'public',
  table: 'parcel',
  name,
  method: 'btree',
  keys: columns.map((sql) => ({ sql, isDescending: false, areNullsFirst: false, operatorClass: null })),
  include: [],
  where: null,
  isUnique: true,
  isConstraint: true,
  columns,
  sizeBytes: 0,
  ...over,
})
const reference = (columns: readonly string[]): ForeignKey => ({
  name: 'note_parcel_fkey',
  child: { schema: 'public', table: 'note', columns: ['parcel'] },
  parent: { schema: 'public', table: 'parcel', columns },
  onDelete: 'restrict',
  onUpdate: 'restrict',
})

interface Situation {
  readonly key?: Partial<KeyColumn>
  readonly primaryKey?: readonly string[]
  readonly indexes?: readonly ExistingIndex[]
  readonly foreignKeys?: readonly ForeignKey[]
  readonly conflicts?: PartitionGround['conflicts']
  readonly specialties?: readonly Specialty[]
}
function given({
  key = {},
  primaryKey = ['id'],
  indexes = [],
  foreignKeys = [],
  conflicts = [],
  specialties = [],
}: Situation) {
  const table = {
    schema: 'public',
    name: 'parcel',
    rows: 1,
    sizeBytes: 1,
    allVisibleShare: 1,
    columns: [],
    primaryKey,
    modifiedShare: 0,
    hotShare: null,
    viewSql: null,
  }
  const ground: PartitionGround = {
    table: { schema: 'public', name: 'parcel' },
    rows: 1,
    columns: [],
    statements: [],
    conflicts,
  }
  const own = [index('parcel_pkey', primaryKey), ...indexes]
  return [ground, { ...KEY, ...key }, { tables: [table], indexes: own, foreignKeys }, specialties] as const
}
const conflict = (columns: readonly string[], constraint: string | null = null) => [
  { id: 'upsert', target: { schema: null, table: 'parcel', columns, constraint } },
]

test.each<[string, Situation, readonly string[]]>([
  ['the primary key alone', {}, []],
  ['a key that may be null', { key: { isNotNull: false } }, ['nullable key sent_at']],
  ['a foreign key to the id', { foreignKeys: [reference(['id'])] }, ['foreign key note_parcel_fkey']],
  ['a foreign key to both', { foreignKeys: [reference(['id', 'sent_at'])] }, []],
  ['uniqueness without the key', { indexes: [index('u', ['reference'])] }, ['unique constraint u']],
  ['uniqueness that holds the key', { indexes: [index('u', ['reference', 'sent_at'])] }, []],
  ['a quoted column that is the key', { key: { name: 'Sent at' }, indexes: [index('u', ['"Sent at"'])] }, []],
  [
    'an index that is not unique',
    { indexes: [index('i', ['member'], { isUnique: false, isConstraint: false })] },
    [],
  ],
  ["another table's", { indexes: [index('u', ['reference'], { table: 'note' })] }, []],
  [
    'an exclusion constraint',
    { indexes: [index('x', ['during'], { isUnique: false, method: 'gist' })] },
    ['exclusion constraint x'],
  ],
  ['an upsert by the id', { conflicts: conflict(['id']) }, ['on conflict upsert']],
  ['an upsert by both', { conflicts: conflict(['id', 'sent_at']) }, []],
  ['an upsert by name of a constraint', { conflicts: conflict([], 'parcel_pkey') }, ['on conflict upsert']],
  [
    'an upsert by name of one that holds the key',
    { indexes: [index('u', ['reference', 'sent_at'])], conflicts: conflict([], 'u') },
    [],
  ],
  [
    'what is bound to the table',
    {
      specialties: [
        { kind: 'view', name: 'recent' },
        { kind: 'rule', name: 'no_delete' },
        { kind: 'publication', name: 'feed' },
      ],
    },
    ['view recent', 'rule no_delete'],
  ],
])('%s', (_, situation, names) => {
  const blockers = blockersOf(...given(situation))
  expect(blockers.map(({ kind, name }) => `${kind} ${name}`)).toEqual(names)
})

test('a primary key without the key is a caution, and one that holds it none', () => {
  expect(cautionsOf(...given({})).join(' ')).toContain('The primary key becomes (id, sent_at)')
  expect(cautionsOf(...given({ primaryKey: ['id', 'sent_at'] })).join(' ')).not.toContain('primary key')
  expect(cautionsOf(...given({ primaryKey: [] })).join(' ')).toContain('add one first')
  expect(cautionsOf(...given({ specialties: [{ kind: 'publication', name: 'feed' }] })).join(' ')).toContain(
    'feed',
  )
})
