import { expect, test } from 'vitest'
import { allowedStep, allowedSteps } from './allowed-step.ts'

test.each([
  ['analyze public.orders', 'analyze', 'public', 'orders'],
  ['vacuum (analyze, freeze) "Shop"."Order Lines"', 'vacuum', 'Shop', 'Order Lines'],
  ['reindex index concurrently shop.orders_pkey', 'reindex', 'shop', 'orders_pkey'],
  ['reindex (concurrently) index shop.orders_pkey', 'reindex', 'shop', 'orders_pkey'],
  ['create index concurrently if not exists by_day on shop.orders (day)', 'create-index', 'shop', 'by_day'],
  ['drop index concurrently if exists shop.by_day', 'drop-index', 'shop', 'by_day'],
  ['alter table shop.orders set (autovacuum_vacuum_scale_factor = 0.02)', 'table-settings', 'shop', 'orders'],
  ['repack (concurrently) shop.orders', 'repack', 'shop', 'orders'],
  ['repack (concurrently) "Shop"."Order ""Lines";', 'repack', 'Shop', 'Order "Lines'],
  ['alter table shop.orders reset (fillfactor)', 'table-settings', 'shop', 'orders'],
])('%s is run', async (sql, kind, schema, name) => {
  expect(await allowedStep(sql)).toMatchObject({ step: { kind, sql, relation: { schema, name } } })
})

test.each([
  ['create index by_day on shop.orders (day)', /concurrently or not at all/],
  ['create index concurrently on shop.orders (day)', /has no name/],
  ['create index concurrently by_day on orders (day)', /no schema/],
  ['reindex index shop.orders_pkey', /concurrently or not at all/],
  ['reindex table concurrently shop.orders', /one by one/],
  ['drop index shop.by_day', /concurrently or not at all/],
  ['drop index concurrently shop.a, shop.b', /one by one|cannot be read/],
  ['drop table shop.orders', /but indexes/],
  ['repack shop.orders', /concurrently\) schema\.table` alone/],
  ['repack (concurrently) orders', /schema\.table/],
  ['repack (concurrently, analyze) shop.orders', /alone/],
  ['repack (concurrently) shop.orders; drop table shop.orders', /alone/],
  ['repack (concurrently) shop.orders using index by_day', /alone/],
  ['vacuum full shop.orders', /locks everybody out/],
  ['vacuum (full) shop.orders', /locks everybody out/],
  ['vacuum (freeze)', /one by one/],
  ['vacuum (disable_page_skipping) shop.orders', /disable_page_skipping/],
  ['alter table shop.orders add column x int', /autovacuum settings and fillfactor/],
  [
    'alter table shop.orders set (autovacuum_enabled = true), drop column x',
    /autovacuum settings and fillfactor/,
  ],
  ['alter index shop.orders_pkey set (fillfactor = 70)', /autovacuum settings and fillfactor/],
  ['alter table shop.orders set (user_catalog_table = true)', /autovacuum settings and fillfactor/],
  ['delete from shop.orders', /not run by pgsteward/],
  ['select pg_terminate_backend(1)', /not run by pgsteward/],
  ['analyze shop.orders; delete from shop.orders', /not one statement/],
  ['analyse nothing at all', /cannot be read/],
  ['', /cannot be read/],
])('%s is refused', async (sql, because) => {
  expect(await allowedStep(sql)).toEqual({ refused: expect.stringMatching(because) })
})

test('one refused statement refuses the whole, by name', async () => {
  expect(await allowedSteps(['analyze a.b', 'drop table a.b'])).toEqual({
    refused: expect.stringMatching(/^drop table a\.b: /),
  })
  expect(await allowedSteps([])).toHaveProperty('refused')
  expect(await allowedSteps(['analyze a.b', 'vacuum a.b'])).toMatchObject({
    steps: [{ kind: 'analyze' }, { kind: 'vacuum' }],
  })
})
