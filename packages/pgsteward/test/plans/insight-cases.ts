// Statements with a known ill, and healthy ones beside them, each with its tables: what readers of plans must say, and not say.

import type { PlanInsight } from '../../src/model/plan.ts'

export interface InsightCase {
  readonly id: string
  readonly setup: readonly string[]
  readonly statement: string
  /** Of $1, $2 ... */
  readonly values: readonly string[]
  /** For the session that runs it. */
  readonly settings?: readonly string[]
  /** What is said of the plan as it ran, and of the generic one; other kinds than 'dominant-step' must not be said. */
  readonly analyzed: readonly PlanInsight['kind'][]
  readonly generic: readonly PlanInsight['kind'][]
}

const NO_AUTOVACUUM = 'with (autovacuum_enabled = off)'

export const INSIGHT_CASES: readonly InsightCase[] = [
  {
    id: 'spilling-sort',
    setup: [
      `create table letter ${NO_AUTOVACUUM} as select i as id, md5(i::text) as title from generate_series(1, 100000) i`,
      'vacuum analyze letter',
    ],
    statement: 'select id from letter where id > $1 order by title',
    values: ['0'],
    settings: ["work_mem = '1MB'"],
    analyzed: ['spill'],
    generic: [],
  },
  {
    id: 'spilling-hash',
    setup: [
      `create table sender ${NO_AUTOVACUUM} as select i as id, md5(i::text) as name from generate_series(1, 60000) i`,
      `create table mail ${NO_AUTOVACUUM} as select i as id, (i * 7919) % 60000 + 1 as sender_id, i % 10 as kind from generate_series(1, 120000) i`,
      'vacuum analyze sender',
      'vacuum analyze mail',
    ],
    statement: 'select m.id, s.name from mail m join sender s on s.id = m.sender_id where m.kind <> $1',
    values: ['11'],
    settings: [
      "work_mem = '512kB'",
      'hash_mem_multiplier = 1',
      'enable_mergejoin = off',
      'max_parallel_workers_per_gather = 0',
    ],
    analyzed: ['spill'],
    generic: [],
  },
  {
    id: 'spilling-aggregate',
    setup: [
      `create table visit ${NO_AUTOVACUUM} as select i as id, md5((i % 50000)::text) as page from generate_series(1, 100000) i`,
      'vacuum analyze visit',
    ],
    statement: 'select page, count(*) from visit where id > $1 group by page',
    values: ['0'],
    settings: [
      "work_mem = '512kB'",
      'hash_mem_multiplier = 1',
      'enable_sort = off',
      'max_parallel_workers_per_gather = 0',
    ],
    analyzed: ['spill'],
    generic: [],
  },
  {
    id: 'correlated-columns',
    setup: [
      `create table car (id int primary key, brand text not null, model text not null, town int not null) ${NO_AUTOVACUUM}`,
      "insert into car select i, 'brand ' || i % 60 / 3, 'model ' || i % 60, i % 97 from generate_series(1, 90000) i",
      'create index car_model on car (model)',
      'create index car_brand on car (brand)',
      `create table inspection (id int primary key, car_id int not null, note text) ${NO_AUTOVACUUM}`,
      "insert into inspection select i, i, repeat('n', 40) from generate_series(1, 90000) i",
      'create index inspection_car on inspection (car_id)',
      'vacuum analyze car',
      'vacuum analyze inspection',
    ],
    statement:
      'select c.id, i.note from car c join inspection i on i.car_id = c.id where c.brand = $1 and c.model = $2',
    values: ['brand 4', 'model 12'],
    analyzed: ['misestimate', 'nested-loop'],
    generic: [],
  },
  {
    id: 'stale-statistics',
    setup: [
      `create table basket (id int primary key, shop_id int not null, state text not null) ${NO_AUTOVACUUM}`,
      "insert into basket select i, i % 50, 'closed' from generate_series(1, 2000) i",
      `create table basket_line (basket_id int not null, sku int not null, note text) ${NO_AUTOVACUUM}`,
      "insert into basket_line select i % 2000 + 1, i, repeat('l', 30) from generate_series(1, 40000) i",
      'create index basket_line_basket on basket_line (basket_id)',
      'vacuum analyze basket',
      'vacuum analyze basket_line',
      "insert into basket select i, i % 50, 'open' from generate_series(2001, 30000) i",
    ],
    statement:
      'select b.id, l.sku from basket b join basket_line l on l.basket_id = b.id where b.state = $1 and b.shop_id < $2',
    values: ['open', '40'],
    analyzed: ['misestimate', 'nested-loop'],
    generic: [],
  },
  {
    id: 'wrong-order-index',
    setup: [
      `create table message (id int primary key, org_id int not null, sent_at timestamptz not null, body text) ${NO_AUTOVACUUM}`,
      "insert into message select i, case when i <= 3000 then 7 else i % 40 + 100 end, timestamptz '2026-01-01' + i * interval '1 minute', repeat('b', 60) from generate_series(1, 120000) i",
      'create index message_sent_at on message (sent_at)',
      'create index message_org on message (org_id)',
      'vacuum analyze message',
    ],
    statement: 'select id, body from message where org_id = $1 order by sent_at desc limit 10',
    values: ['7'],
    analyzed: ['order-by-limit'],
    generic: [],
  },
  {
    id: 'late-or',
    setup: [
      `create table client (id int primary key, email text not null, name text) ${NO_AUTOVACUUM}`,
      "insert into client select i, 'c' || i || '@example.com', 'n' || i from generate_series(1, 30000) i",
      `create table invoice (id int primary key, client_id int not null, number text not null) ${NO_AUTOVACUUM}`,
      "insert into invoice select i, i % 30000 + 1, 'R' || i from generate_series(1, 90000) i",
      'create index client_email on client (email)',
      'create index invoice_number on invoice (number)',
      'create index invoice_client on invoice (client_id)',
      'vacuum analyze client',
      'vacuum analyze invoice',
    ],
    statement:
      'select i.id, c.name from invoice i join client c on c.id = i.client_id where c.email = $1 or i.number = $2',
    values: ['c17@example.com', 'R99'],
    analyzed: ['or-filter'],
    generic: ['or-filter'],
  },
  {
    id: 'deep-offset',
    setup: [
      `create table post (id int primary key, at timestamptz not null, body text) ${NO_AUTOVACUUM}`,
      "insert into post select i, timestamptz '2026-01-01' + i * interval '1 minute', repeat('p', 60) from generate_series(1, 60000) i",
      'create index post_at on post (at)',
      'vacuum analyze post',
    ],
    statement: 'select id, body from post order by at limit $1 offset $2',
    values: ['20', '50000'],
    analyzed: ['offset'],
    generic: [],
  },
  {
    id: 'unindexed-filter',
    setup: [
      `create table parcel (id int primary key, weight int not null, note text) ${NO_AUTOVACUUM}`,
      "insert into parcel select i, i % 5000, repeat('n', 60) from generate_series(1, 50000) i",
      'vacuum analyze parcel',
    ],
    statement: 'select id, note from parcel where weight = $1',
    values: ['3'],
    analyzed: ['filter'],
    generic: ['filter'],
  },
  {
    id: 'lossy-bitmap',
    setup: [
      `create table sensor (id int primary key, kind int not null, value int not null, note text) ${NO_AUTOVACUUM}`,
      "insert into sensor select i, (i * 7919) % 20, i % 1000, repeat('s', 300) from generate_series(1, 60000) i",
      'create index sensor_kind on sensor (kind)',
      'vacuum analyze sensor',
    ],
    statement: 'select sum(value) from sensor where kind = $1',
    values: ['5'],
    settings: [
      "work_mem = '64kB'",
      'enable_seqscan = off',
      'enable_indexscan = off',
      'max_parallel_workers_per_gather = 0',
    ],
    analyzed: ['lossy-bitmap'],
    generic: [],
  },
  {
    id: 'workers-missing',
    setup: [
      `create table reading (id int, value int) ${NO_AUTOVACUUM}`,
      'insert into reading select i, i % 100 from generate_series(1, 100000) i',
      'vacuum analyze reading',
    ],
    statement: 'select sum(value) from reading where id <> $1',
    values: ['0'],
    settings: [
      'parallel_setup_cost = 0',
      'parallel_tuple_cost = 0',
      'min_parallel_table_scan_size = 0',
      'max_parallel_workers = 0',
    ],
    analyzed: ['workers'],
    generic: [],
  },
  {
    id: 'repeated-scan',
    setup: [
      `create table region (id int, name text) ${NO_AUTOVACUUM}`,
      "insert into region select i, 'r' || i from generate_series(1, 500) i",
      `create table depot (id int, region_from int, region_to int) ${NO_AUTOVACUUM}`,
      'insert into depot select i, i % 500, i % 500 + 3 from generate_series(1, 2000) i',
      'vacuum analyze region',
      'vacuum analyze depot',
    ],
    statement:
      'select d.id, (select count(*) from region r where r.id between d.region_from and d.region_to) from depot d where d.id > $1',
    values: ['0'],
    analyzed: ['scan'],
    generic: ['scan'],
  },
  {
    id: 'unvacuumed-index-only',
    setup: [
      `create table badge (id int primary key, owner int not null) ${NO_AUTOVACUUM}`,
      'insert into badge select i, i % 100 from generate_series(1, 50000) i',
      'create index badge_owner on badge (owner, id)',
      'analyze badge',
    ],
    statement: 'select count(id) from badge where owner < $1',
    values: ['30'],
    settings: ['enable_seqscan = off', 'enable_bitmapscan = off'],
    analyzed: ['scan'],
    generic: [],
  },
  // healthy ones
  {
    id: 'healthy-by-key',
    setup: [
      `create table person (id int primary key, team int not null, name text) ${NO_AUTOVACUUM}`,
      "insert into person select i, i % 200, 'p' || i from generate_series(1, 50000) i",
      'create index person_team on person (team, id)',
      'vacuum analyze person',
    ],
    statement: 'select name from person where id = $1',
    values: ['4711'],
    analyzed: [],
    generic: [],
  },
  {
    id: 'healthy-list',
    setup: [],
    statement: 'select id, name from person where team = $1 order by id limit 20',
    values: ['7'],
    analyzed: [],
    generic: [],
  },
  {
    id: 'healthy-report',
    setup: [],
    statement: 'select team, count(*) from person where id > $1 group by team',
    values: ['0'],
    analyzed: [],
    generic: [],
  },
  {
    id: 'healthy-join',
    setup: [],
    statement:
      'select p.name, q.name from person p join person q on q.team = p.team and q.id > p.id where p.id = $1',
    values: ['100'],
    analyzed: [],
    generic: [],
  },
  {
    id: 'healthy-nothing-there',
    setup: [],
    statement: 'select p.name, q.name from person p join person q on q.id = p.team where p.id = $1',
    values: ['-1'],
    analyzed: [],
    generic: [],
  },
  {
    id: 'healthy-update',
    setup: [],
    statement: 'update person set name = $2 where id = $1',
    values: ['17', 'x'],
    analyzed: [],
    generic: [],
  },
]
