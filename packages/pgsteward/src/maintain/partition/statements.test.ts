// The statements of a migration as text, with names that need quoting and a primary key of two columns.

import { expect, test } from 'vitest'
import { captureStatements, trackingStatements } from './capture-sql.ts'
import { nextBatch } from './copy-rows.ts'
import { batchEnd, type CopyPair, compareRange, copyRange, insertChanged, takeChanges } from './copy-sql.ts'
import type { TableColumn, TableDescription, TableIndex } from './describe-table.ts'
import { migrationNames } from './names.ts'
import { outline } from './outline.ts'
import { grantStatements, indexStatements, type MigrationDesign, shadowStatements } from './prepare-sql.ts'
import { swapBackStatements, swapStatements } from './swap-sql.ts'

const column = (name: string, type: string, over: Partial<TableColumn> = {}): TableColumn => ({
  name,
  type,
  isNotNull: true,
  isGenerated: false,
  isIdentity: false,
  sequence: null,
  sequenceGrants: [],
  statistics: null,
  options: [],
  ...over,
})
const index = (name: string, columns: readonly string[], over: Partial<TableIndex> = {}): TableIndex => ({
  name,
  isUnique: false,
  isValid: true,
  tail: `USING btree (${columns.join(', ')})`,
  columns,
  constraint: null,
  comment: null,
  ...over,
})
const table: TableDescription = {
  schema: 'public',
  name: 'Log',
  owner: 'shop',
  isOurs: true,
  ownerMayCreate: true,
  kind: 'r',
  persistence: 'p',
  isInherited: false,
  options: ['fillfactor=80'],
  toastOptions: ['autovacuum_enabled=off'],
  tablespace: null,
  comment: "what's done",
  replicaIdentity: 'f',
  hasRowSecurity: true,
  forcesRowSecurity: false,
  columns: [
    column('Shop', 'integer'),
    column('id', 'bigint', { isIdentity: true, sequence: { schema: 'public', name: 'Log_id_seq' } }),
    column('at', 'timestamp with time zone'),
    column('twice', 'bigint', { isGenerated: true, isNotNull: false }),
  ],
  indexes: [
    index('Log_pkey', ['Shop', 'id'], {
      isUnique: true,
      constraint: { type: 'p', definition: 'PRIMARY KEY ("Shop", id)' },
    }),
    index('Log_at_idx', ['at'], { comment: 'by time' }),
    index('broken', ['id'], { isValid: false }),
  ],
  checks: [],
  foreignKeys: [
    {
      name: 'Log_Shop_fkey',
      definition: 'FOREIGN KEY ("Shop") REFERENCES shop(id)',
      isValid: true,
      referenced: 'public.shop',
      mayReference: true,
    },
  ],
  incoming: [],
  triggers: [
    {
      name: 'notes',
      definition: 'CREATE TRIGGER notes BEFORE INSERT ON public."Log" FOR EACH ROW EXECUTE FUNCTION note()',
      enabled: 'D',
      isRowWithTransition: false,
    },
  ],
  policies: [
    {
      name: 'own',
      isPermissive: false,
      command: 'select',
      roles: ['App'],
      using: '("Shop" = 1)',
      check: null,
    },
  ],
  grants: [
    { grantee: 'App', privilege: 'select', isGrantable: true, column: null },
    { grantee: null, privilege: 'update', isGrantable: false, column: 'at' },
  ],
  publications: [],
  dependents: [],
}
const ref = { schema: 'public', name: 'Log' }
const migration: MigrationDesign = {
  names: migrationNames(ref),
  table,
  design: {
    table: ref,
    key: { column: 'at', type: 'timestamp with time zone' },
    step: { by: 'time', every: 'month' },
    keepMonths: null,
  },
  ranges: [{ suffix: 'p2026_01', from: '2026-01-01 00:00:00+00', to: '2026-02-01 00:00:00+00' }],
}
const pair: CopyPair = { table, from: ref, to: migration.names.shadow, queue: migration.names.queue }

test('the shadow has a wider primary key, a default partition, and the storage of the table', () => {
  const [create, ...more] = shadowStatements(migration)
  expect(create).toMatch(
    /^create table public."Log_partitioned" \(like public."Log" including .* partition by range \(at\)$/,
  )
  expect(more).toEqual([
    'alter table public."Log_partitioned" add constraint "Log_pkey_partitioned" primary key ("Shop", id, at)',
    `create table public."Log_p2026_01" partition of public."Log_partitioned" for values from ('2026-01-01 00:00:00+00') to ('2026-02-01 00:00:00+00') with (fillfactor = '80', toast.autovacuum_enabled = 'off')`,
    `create table public."Log_default" partition of public."Log_partitioned" default with (fillfactor = '80', toast.autovacuum_enabled = 'off')`,
    'alter table public."Log_p2026_01" replica identity full',
    'alter table public."Log_default" replica identity full',
    `comment on table public."Log_partitioned" is 'what''s done'`,
  ])
  expect(grantStatements(migration)).toEqual([
    'grant select on table public."Log_partitioned" to "App" with grant option',
    'grant update (at) on table public."Log_partitioned" to public',
  ])
})

test('indexes are built on partitions first, which the shadow then takes for its own', () => {
  expect(indexStatements(migration, table.indexes[1]!)).toEqual([
    'create index if not exists "Log_p2026_01_at_idx" on public."Log_p2026_01" USING btree (at)',
    'create index if not exists "Log_default_at_idx" on public."Log_default" USING btree (at)',
    'create index if not exists "Log_at_idx_partitioned" on public."Log_partitioned" USING btree (at)',
  ])
})

test('the trigger writes keys and nothing else, whoever writes and however', () => {
  const [queue, , capture] = trackingStatements(migration.names, table)
  expect(queue).toContain('key_1 integer, key_2 bigint')
  expect(capture).toContain('security definer set search_path = pg_catalog, pg_temp')
  expect(capture).toContain('values (old."Shop", old.id)')
  expect(captureStatements(migration.names, ref)).toContain(
    'alter table public."Log" enable always trigger pgsteward_partition_rows',
  )
})

test('a range is that of the primary key; generated columns are not written, and compared all the same', () => {
  expect(batchEnd(pair, null).parameters).toEqual([])
  expect(batchEnd(pair, ['1', '2']).sql).toContain('where (c."Shop", c.id) > ($2::integer, $3::bigint)')
  const copy = copyRange(pair, ['1', '2'], ['1', '9'])
  expect(copy.sql).toContain(
    '(c."Shop", c.id) > ($1::integer, $2::bigint) and (c."Shop", c.id) <= ($3::integer, $4::bigint)',
  )
  expect(copy.sql).toContain('insert into public."Log_partitioned" ("Shop", id, at) overriding system value')
  expect(copy.parameters).toEqual(['1', '2', '1', '9'])
  expect(compareRange(pair, null, null).sql).toContain('row(c."Shop", c.id, c.at, c.twice)::text')
  expect(insertChanged(pair)).toContain('unnest($1::integer[], $2::bigint[]) k (key_1, key_2)')
})

test('changes beyond the position are dropped, before the first batch all of them', () => {
  expect(takeChanges(pair, false, null).sql).toContain('false as is_copied')
  expect(takeChanges(pair, false, ['1', '2']).sql).toContain(
    '(q.key_1, q.key_2) <= ($2::integer, $3::bigint) as is_copied',
  )
  expect(takeChanges(pair, true, ['1', '2'])).toMatchObject({ parameters: [] })
})

test('the swap goes through the catalogs in an order that names allow, and back', () => {
  const sequences = [
    {
      column: 'id',
      from: { schema: 'public', name: 'Log_id_seq' },
      to: { schema: 'public', name: 'Log_partitioned_id_seq' },
    },
  ]
  const forth = swapStatements(migration, sequences)
  const at = (part: string) => {
    const found = forth.findIndex((sql) => sql.includes(part))
    expect(found, part).toBeGreaterThanOrEqual(0)
    return found
  }
  const inOrder = [
    'drop trigger if exists pgsteward_partition_rows on public."Log"',
    'drop constraint "Log_Shop_fkey"',
    'alter index public."Log_pkey" rename to "Log_pkey_before_partitioning"',
    'alter sequence public."Log_id_seq" rename to "Log_id_seq_before_partitioning"',
    'alter sequence public."Log_partitioned_id_seq" rename to "Log_id_seq"',
    'alter table public."Log" rename to "Log_before_partitioning"',
    'alter table public."Log_partitioned" rename to "Log"',
    'alter index public."Log_pkey_partitioned" rename to "Log_pkey"',
    'alter table public."Log_p2026_01" add constraint "Log_Shop_fkey" FOREIGN KEY ("Shop") REFERENCES shop(id) not valid',
    'CREATE TRIGGER notes',
    'alter table public."Log" disable trigger notes',
    'create policy own on public."Log" as restrictive for select to "App" using (("Shop" = 1))',
    'alter table public."Log" enable row level security',
    'create trigger pgsteward_partition_rows after insert or update or delete on public."Log"',
  ].map(at)
  expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b))
  expect(forth.join()).not.toContain('broken')
  const back = swapBackStatements(migration, sequences)
  expect(back.findIndex((sql) => sql.startsWith('drop table'))).toBeLessThan(
    back.findIndex((sql) => sql.includes('rename to "Log_pkey"')),
  )
  expect(back.at(-1)).toBe(
    'alter table public."Log" add constraint "Log_Shop_fkey" FOREIGN KEY ("Shop") REFERENCES shop(id) not valid',
  )
})

test('the outline holds every phase', () => {
  expect(outline(migration).map(({ title }) => title.split(/[:,]/)[0])).toEqual([
    'Prepare',
    'Account of changes',
    'Copy',
    'Indexes of the copy',
    'Visibility and statistics of the copy',
    'Compare',
    'Swap',
    'Proof of the foreign keys',
  ])
})

test('a batch grows and shrinks towards a fifth of a second, by a factor of two', () => {
  expect([nextBatch(1000, 10), nextBatch(1000, 150), nextBatch(1000, 400), nextBatch(1000, 60_000)]).toEqual([
    2000, 1333, 500, 500,
  ])
  expect([nextBatch(20_000, 1), nextBatch(100, 9_000)]).toEqual([20_000, 100])
})
