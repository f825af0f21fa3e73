// `pgsteward advise` proves rewrites on a planner twin: those that cost clearly less are told, the others are not.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AdviceReport } from '../../src/model/advice.ts'
import { EXIT } from '../../src/model/error.ts'
import { run } from '../cli/run.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

let database: TestDatabase
const dir = mkdtempSync(join(tmpdir(), 'pgsteward-test-rewrites-'))
beforeAll(async () => {
  database = await createDatabase()
  await database.run(
    'create table depot (id bigint primary key, city text not null, closed_at timestamptz)',
    `create table "Parcel Nö" (id bigint primary key, depot_id bigint not null, code uuid not null, sent_at timestamptz not null,
       label text not null)`,
    `insert into depot select i, 'city ' || i % 700 from generate_series(1, 5000) i`,
    `insert into "Parcel Nö" select i, 1 + i % 5000, gen_random_uuid(), timestamptz '2026-01-01' + i * interval '1 minute',
       'label ' || i from generate_series(1, 60000) i`,
    'create index on "Parcel Nö" (sent_at, id)',
    'create unique index on "Parcel Nö" (code)',
    'create index on "Parcel Nö" (depot_id)',
    'create index on "Parcel Nö" (label)',
    'create index on depot (city)',
    'vacuum analyze',
    'grant select on all tables in schema public to test_monitor',
  )
}, 240_000)
afterAll(async () => {
  await database.drop()
  rmSync(dir, { recursive: true, force: true })
})

const PATHOLOGICAL: Readonly<Record<string, string>> = {
  'bare-column-day': 'select id from "Parcel Nö" where date(sent_at) = $1',
  'bare-column-age': 'select id from "Parcel Nö" where now() - sent_at < interval \'1 hour\'',
  'bare-column-cast': 'select id from "Parcel Nö" where code::text = $1',
  'union-all':
    'select p.id from "Parcel Nö" p join depot d on d.id = p.depot_id where p.label = $1 or d.city = $2',
  keyset: 'select id, label from "Parcel Nö" order by sent_at desc limit $1 offset $2',
}
const PRISMA =
  'SELECT "public"."Parcel Nö"."id", "public"."Parcel Nö"."label" FROM "public"."Parcel Nö" WHERE 1=1 ORDER BY "public"."Parcel Nö"."sent_at" ASC LIMIT $1 OFFSET $2'
const HEALTHY = [
  // Prisma's lists all have an OFFSET
  PRISMA,
  'select id from "Parcel Nö" where sent_at >= $1::date and sent_at < $1::date + 1',
  'select id from "Parcel Nö" where code = $1',
  'select p.id from "Parcel Nö" p join depot d on d.id = p.depot_id where d.city = $1 order by p.sent_at limit 20',
  // its table is read whole either way
  'select date(sent_at), count(*) from "Parcel Nö" group by 1',
  // nothing to win on 5,000 rows without an index
  "select id from depot where date(closed_at) = '2026-01-01'",
]

test('what costs clearly less is told, with both costs; healthy statements are left alone (A4)', async () => {
  const workload = join(dir, 'workload.json')
  const statements = [
    ...Object.entries(PATHOLOGICAL),
    ...HEALTHY.map((sql, at) => [`healthy ${at}`, sql] as const),
  ]
  writeFileSync(
    workload,
    JSON.stringify([
      ...statements.map(([id, template], at) => ({ id, template, callsPerMinute: 100 - at })),
      { id: 'far pages', template: PRISMA, callsPerMinute: 3, variants: [['20', '4000']] },
    ]),
  )
  const told = await run('advise', database.monitorUrl, '--workload', workload, '--json')
  expect(told.exitCode, told.note).toBe(EXIT.clean)
  const { rewrites = [] } = JSON.parse(told.out) as AdviceReport
  expect(new Set(rewrites.map(({ id }) => id))).toEqual(new Set([...Object.keys(PATHOLOGICAL), 'far pages']))
  for (const { id, kind, costBefore, costAfter } of rewrites) {
    expect(kind).toBe(id === 'far pages' ? 'keyset' : id)
    expect(costAfter).toBeLessThan(costBefore * 0.7)
  }
  const shown = await run('advise', database.monitorUrl, '--workload', workload)
  expect(shown.out).toContain('6 statements cheaper when written otherwise')
  expect(shown.out).toContain('(sent_at >= $1::date and sent_at < $1::date + 1);')
}, 240_000)
