import { expect, test } from 'vitest'
import { createPartitionSql, detachPartitionSql } from '../sql/partition/partition-sql.ts'
import { allowedStep } from './allowed-step.ts'
import { isDetachedConcurrently } from './partition-step.ts'

const TABLE = { schema: 'Shop', name: 'Event Nö' }
const MADE = { schema: 'Shop', name: 'Event Nö_p2026_04' }
const RANGE = { from: '2026-04-01 00:00:00+00', to: '2026-05-01 00:00:00+00' }
const STORAGE = { options: [], tablespace: null, replicaIdentity: 'default' } as const
const CREATE = createPartitionSql(TABLE, MADE, RANGE, { ...STORAGE, options: ['fillfactor=90'] })
const [LIKE, ATTACH] = createPartitionSql(
  { schema: 's', name: 't' },
  { schema: 's', name: 't_p' },
  RANGE,
  STORAGE,
).split(';\n')

test('a partition that is made and attached is one step, of the partition and its table', async () => {
  const relation = { schema: 'Shop', name: 'Event Nö_p2026_04' }
  expect(await allowedStep(CREATE)).toEqual({
    step: { kind: 'create-partition', sql: CREATE, relation, table: TABLE },
  })
  const attach = CREATE.split(';\n')[1]!
  expect(await allowedStep(attach)).toEqual({
    step: { kind: 'attach-partition', sql: attach, relation, table: TABLE },
  })
})

test('with a tablespace and a replica identity of its own', async () => {
  const sql = createPartitionSql(TABLE, MADE, RANGE, {
    options: [],
    tablespace: 'Fast Disks',
    replicaIdentity: 'full',
  })
  expect(sql.split(';\n')).toMatchObject([
    expect.stringMatching(/ tablespace "Fast Disks"$/),
    'alter table "Shop"."Event Nö_p2026_04" replica identity full',
    expect.stringMatching(/ attach partition /),
  ])
  expect(await allowedStep(sql)).toMatchObject({ step: { kind: 'create-partition', table: TABLE } })
})

test.each(['plain', 'concurrently', 'finalize'] as const)('one that is detached: %s', async (way) => {
  const sql = detachPartitionSql(TABLE, { schema: 'Shop', name: 'p' }, way)
  const allowed = await allowedStep(sql)
  expect(allowed).toMatchObject({
    step: { kind: 'detach-partition', relation: { schema: 'Shop', name: 'p' }, table: TABLE },
  })
  expect(isDetachedConcurrently((allowed as { step: never }).step)).toBe(way !== 'plain')
})

test('a partition whose name reads like an option is not taken for one', async () => {
  const sql = detachPartitionSql(TABLE, { schema: 's', name: 'concurrently' }, 'plain')
  expect(isDetachedConcurrently({ kind: 'detach-partition', sql })).toBe(false)
})

test.each([
  [`${ATTACH};\n${LIKE}`, /not one statement/],
  [`${LIKE};\n${ATTACH};\ndrop table s.x`, /comes more/],
  [`${LIKE};\nalter table s.x replica identity full;\n${ATTACH}`, /comes more/],
  [`${LIKE};\nalter table s.t_p replica identity using index s_i;\n${ATTACH}`, /comes more/],
  [`${LIKE};\nalter table s.t_p replica identity full, drop column id;\n${ATTACH}`, /comes more/],
  [`${LIKE};\nalter table s.t_p replica identity full`, /names no partition/],
  [`${LIKE};\ndrop table s.x`, /goes on with/],
  [`${LIKE};\nalter table s.t detach partition s.t_p`, /not what is attached/],
  [`${LIKE!.replaceAll('s.t_p', 's.other')};\n${ATTACH}`, /not what is attached/],
  [`${LIKE!.replace('like s.t ', 'like s.u ')};\n${ATTACH}`, /to another table/],
  [`create table s.t_p (id int);\n${ATTACH}`, /like another and nothing else/],
  [`create table s.t_p (like s.t, extra int);\n${ATTACH}`, /like another and nothing else/],
  [`create unlogged table s.t_p (like s.t);\n${ATTACH}`, /like another and nothing else/],
  [`create table s.t_p (like s.t) partition by range (id);\n${ATTACH}`, /like another and nothing else/],
  [`create table s.t_p (like s.t) inherits (s.u);\n${ATTACH}`, /like another and nothing else/],
  [LIKE!, /not run by pgsteward/],
  [
    `create table t_p (like t);\nalter table t attach partition t_p for values from (1) to (2)`,
    /like another|no schema/,
  ],
  ['alter table t detach partition s.p', /no schema/],
  ['alter table s.t detach partition p', /no schema/],
  ['alter table s.t attach partition s.p default', /no default one/],
  ["alter table s.t attach partition s.p for values in ('a')", /of ranges/],
  ['alter table s.t attach partition s.p for values with (modulus 2, remainder 0)', /of ranges/],
  ['alter index s.t_i attach partition s.p_i', /Partitions of tables/],
])('%s is refused', async (sql, because) => {
  expect(await allowedStep(sql)).toEqual({ refused: expect.stringMatching(because) })
})
