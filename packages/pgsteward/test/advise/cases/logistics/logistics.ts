// A parcel carrier. Hard here: mixed-case names and a mapper's SQL (casts of texts to uuid and enum, 1=1, counted subqueries, offsets), two
// accounts joined by OR, hash partitions, prefixes, rates valid between dates, anti joins, and a status that must stay heap-only.

import { createHash } from 'node:crypto'
import type { AdviceCase } from '../advice-case.ts'

const NOW = "'2026-09-15 06:00:00+00'"
const uuid = (kind: string, i: number) => {
  const hex = createHash('md5').update(`${kind}${i}`).digest('hex')
  return `'${[hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')}'`
}

export const logistics: AdviceCase = {
  title: 'A parcel carrier',
  statements: [
    {
      id: 'track',
      sql: 'select id, status, status_at, due_on from parcel where tracking_no = $1',
      callsPerMinute: 700,
      samples: [["'JD000000017GB'"], ["'JD000021042GB'"]],
    },
    {
      id: 'track_prefix',
      sql: 'select id, tracking_no, status from parcel where tracking_no like $1 order by tracking_no limit 10',
      callsPerMinute: 25,
      samples: [["'JD00000142%'"], ["'JD00002104%'"]],
    },
    {
      id: 'history',
      sql: 'select kind, depot_id, note, at from scan_event where parcel_id = $1 order by at desc',
      callsPerMinute: 600,
      samples: [['17'], ['21042']],
    },
    {
      id: 'latest_lateral',
      sql: `select p.id, p.tracking_no, s.kind, s.at from parcel p left join lateral
             (select kind, at from scan_event where parcel_id = p.id order by at desc limit 1) s on true where p.id in ($1, $2, $3, $4, $5)`,
      callsPerMinute: 80,
      samples: [['17', '901', '4242', '21042', '29001']],
    },
    {
      id: 'latest_distinct',
      sql: `select distinct on (parcel_id) parcel_id, kind, at from scan_event where parcel_id in ($1, $2, $3) and kind <> 'load'
             order by parcel_id, at desc`,
      callsPerMinute: 60,
      samples: [
        ['17', '901', '21042'],
        ['5', '6', '29001'],
      ],
    },
    {
      id: 'sent_or_received',
      sql: `select p.id, p.tracking_no, p.status from parcel p where (p.sender_id = $1 or p.recipient_id = $1) and p.created_at >= $2
             order by p.created_at desc limit 20`,
      callsPerMinute: 140,
      samples: [
        [uuid('customer', 1), "'2026-09-01 00:00:00+00'"],
        [uuid('customer', 600), "'2026-07-01 00:00:00+00'"],
        [uuid('customer', 2900), "'2026-06-01 00:00:00+00'"],
      ],
    },
    {
      id: 'sent_next',
      sql: `select id, tracking_no, status, created_at from parcel where sender_id = $1 and created_at <= $2 and (created_at < $2 or id < $3)
             order by created_at desc, id desc limit 25`,
      callsPerMinute: 90,
      samples: [
        [uuid('customer', 1), "'2026-08-01 00:00:00+00'", '18000'],
        [uuid('customer', 40), "'2026-07-01 00:00:00+00'", '11000'],
      ],
    },
    {
      id: 'by_reference',
      sql: 'select id, tracking_no, sender_id, shipper_ref from parcel where 1=1 and shipper_ref in ($1, $2, $3)',
      callsPerMinute: 110,
      samples: [["'ORD-77'", "'ORD-4711'", "'ORD-19001'"]],
    },
    {
      id: 'due_by_depot',
      sql: `select depot_id, service, count(*) from parcel where due_on between $1 and $2 and delivered_at is null
             group by depot_id, service order by 1, 2`,
      callsPerMinute: 40,
      samples: [
        ["'2026-09-15'", "'2026-09-15'"],
        ["'2026-09-12'", "'2026-09-14'"],
      ],
    },
    {
      id: 'undelivered',
      sql: `select p.id, p.tracking_no, p.depot_id from parcel p where p.delivered_at is null and p.due_on between $1 and $2 and not exists
             (select 1 from scan_event s where s.parcel_id = p.id and s.kind in ('attempt', 'deliver') and s.at >= $3) order by p.due_on limit 50`,
      callsPerMinute: 20,
      samples: [
        ["'2026-06-01'", "'2026-09-10'", "'2026-08-01 00:00:00+00'"],
        ["'2026-08-01'", "'2026-08-31'", "'2026-08-01 00:00:00+00'"],
      ],
    },
    {
      id: 'stuck',
      sql: `select id, tracking_no, status, status_at from parcel where status in ('in_transit', 'at_depot') and status_at < $1
             order by status_at limit 50`,
      callsPerMinute: 0.3,
      samples: [["'2026-09-13 00:00:00+00'"]],
    },
    {
      id: 'exceptions',
      sql: `select id, parcel_id, note, at from scan_event where kind = 'exception' and depot_id = $1 and at >= $2 order by at desc limit 50`,
      callsPerMinute: 50,
      samples: [
        ['1', "'2026-08-01 00:00:00+00'"],
        ['33', "'2026-06-01 00:00:00+00'"],
      ],
    },
    {
      id: 'throughput',
      sql: 'select depot_id, kind, count(*) from scan_event where at >= $1 and at < $2 group by depot_id, kind',
      callsPerMinute: 25,
      samples: [
        ["'2026-09-15 04:00:00+00'", "'2026-09-15 06:00:00+00'"],
        ["'2026-08-20 10:00:00+00'", "'2026-08-20 13:00:00+00'"],
      ],
    },
    {
      id: 'scans_of_device',
      sql: 'select parcel_id, kind, at from scan_event where device_id = $1 and at >= $2 order by at desc limit 100',
      callsPerMinute: 0.02,
      samples: [[uuid('handheld', 17), "'2026-09-10 00:00:00+00'"]],
    },
    {
      id: 'routes_of_depot',
      sql: `SELECT "public"."Route"."id", "public"."Route"."driverId", "public"."Route"."vehicleNo" FROM "public"."Route"
             WHERE ("public"."Route"."depotId" = $1 AND "public"."Route"."day" = $2) ORDER BY "public"."Route"."vehicleNo" ASC LIMIT $3 OFFSET $4`,
      callsPerMinute: 120,
      samples: [
        ['7', "'2026-09-15'", '20', '0'],
        ['31', "'2026-09-10'", '20', '0'],
      ],
    },
    {
      id: 'stops',
      sql: `select s.position, s.state, s.eta, p.tracking_no, p.service from route_stop s join parcel p on p.id = s.parcel_id
             where s.route_id = $1 order by s.position`,
      callsPerMinute: 200,
      samples: [[uuid('route', 17)], [uuid('route', 2042)]],
    },
    {
      id: 'stop_of_parcel',
      sql: `select r."day", r."vehicleNo", s.position, s.state, s.eta from route_stop s join "Route" r on r."id" = s.route_id
             where s.parcel_id = $1 order by r."day" desc limit 1`,
      callsPerMinute: 220,
      samples: [['17'], ['21042']],
    },
    {
      id: 'progress',
      sql: `select d.region, count(*), count(*) filter (where s.state = 'done') as done from "Route" r join route_stop s on s.route_id = r."id"
             join depot d on d.id = r."depotId" where r."day" = $1 group by d.region order by 1`,
      callsPerMinute: 2,
      samples: [["'2026-09-15'"], ["'2026-09-10'"]],
    },
    {
      id: 'late_stops',
      sql: `select route_id, position, parcel_id, eta from route_stop where state = 'planned' and eta < $1 order by eta limit 50`,
      callsPerMinute: 0.3,
      samples: [["'2026-09-15 07:00:00+00'"]],
    },
    {
      id: 'addresses',
      sql: `SELECT "public"."Address"."id", "public"."Address"."line1", "public"."Address"."city", "public"."Address"."postcode" FROM "public"."Address"
             WHERE ("public"."Address"."customerId" = CAST($1::text AS uuid) AND "public"."Address"."deletedAt" IS NULL)
             ORDER BY "public"."Address"."city" ASC LIMIT $2 OFFSET $3`,
      callsPerMinute: 110,
      samples: [
        [uuid('customer', 1), '20', '0'],
        [uuid('customer', 40), '20', '20'],
        [uuid('customer', 2900), '20', '0'],
      ],
    },
    {
      id: 'postcodes',
      sql: `SELECT "id", "customerId", "line1", "postcode" FROM "Address" WHERE "postcode" LIKE $1 AND "kind" = 'DELIVERY' AND "deletedAt" IS NULL ORDER BY "postcode"`,
      callsPerMinute: 50,
      samples: [["'SW1%'"], ["'LS7%'"], ["'EC24A%'"]],
    },
    {
      id: 'price',
      sql: `SELECT "t"."id", "t"."priceCents" FROM "public"."Tariff" AS "t" WHERE (("t"."customerId" = $1 OR "t"."customerId" IS NULL)
             AND "t"."service" = $2 AND "t"."zone" = $3 AND $4 BETWEEN "t"."validFrom" AND "t"."validTo")
             ORDER BY "t"."customerId" ASC NULLS LAST, "t"."validFrom" DESC LIMIT 1`,
      callsPerMinute: 250,
      samples: [
        [uuid('customer', 1), "'STANDARD'", '3', "'2026-09-15'"],
        [uuid('customer', 600), "'EXPRESS'", '9', "'2026-09-15'"],
        [uuid('customer', 2900), "'ECONOMY'", '5', "'2026-03-02'"],
      ],
    },
    {
      id: 'open_claims',
      sql: `SELECT "t0"."id", "t0"."parcel_id", "t0"."reason", "t0"."opened_at" FROM "claim" AS "t0" WHERE ("t0"."decided_at" IS NULL AND 1=1)
             ORDER BY "t0"."opened_at" ASC LIMIT $1 OFFSET $2`,
      callsPerMinute: 40,
      samples: [
        ['20', '0'],
        ['20', '40'],
      ],
    },
    {
      id: 'open_claims_count',
      sql: `SELECT COUNT(*) FROM (SELECT "t0"."id" FROM "claim" AS "t0" WHERE ("t0"."decided_at" IS NULL AND 1=1) OFFSET $1) AS "sub"`,
      callsPerMinute: 40,
      samples: [['0']],
    },
    {
      id: 'invoices',
      sql: `SELECT "public"."Invoice"."id", "public"."Invoice"."number", "public"."Invoice"."status"::text, "public"."Invoice"."totalCents" FROM "public"."Invoice"
             WHERE ("public"."Invoice"."customerId" = $1 AND "public"."Invoice"."status" <> CAST($2::text AS "public"."InvoiceStatus"))
             ORDER BY "public"."Invoice"."issuedOn" DESC LIMIT $3 OFFSET $4`,
      callsPerMinute: 70,
      samples: [
        [uuid('customer', 1), "'VOID'", '12', '0'],
        [uuid('customer', 600), "'VOID'", '12', '0'],
      ],
    },
    {
      id: 'overdue',
      sql: `SELECT "public"."Invoice"."id", "public"."Invoice"."number", "public"."Invoice"."dueOn" FROM "public"."Invoice"
             WHERE ("public"."Invoice"."status" = CAST($1::text AS "public"."InvoiceStatus") AND "public"."Invoice"."dueOn" < $2)
             ORDER BY "public"."Invoice"."dueOn" DESC LIMIT $3`,
      callsPerMinute: 15,
      samples: [["'OPEN'", "'2026-09-15'", '30']],
    },
    {
      id: 'billed',
      sql: `select l."invoiceId", l."lineNo", l."amountCents", i."number" from "InvoiceLine" l join "Invoice" i on i."id" = l."invoiceId" where l."parcelId" = $1`,
      callsPerMinute: 80,
      samples: [['17'], ['21042']],
    },
    {
      id: 'unbilled',
      sql: `select p.id, p.tracking_no from parcel p left join "InvoiceLine" l on l."parcelId" = p.id
             where p.sender_id = $1 and p.created_at between $2 and $3 and l."parcelId" is null`,
      callsPerMinute: 10,
      samples: [
        [uuid('customer', 40), "'2026-08-01 00:00:00+00'", "'2026-08-31 00:00:00+00'"],
        [uuid('customer', 600), "'2026-06-01 00:00:00+00'", "'2026-08-31 00:00:00+00'"],
      ],
    },
    {
      id: 'deliveries',
      sql: `SELECT "id", "eventId", "status", "responseCode", "createdAt" FROM "WebhookDelivery" WHERE "customerId" = $1
             ORDER BY "createdAt" DESC LIMIT $2 OFFSET $3`,
      callsPerMinute: 50,
      samples: [
        [uuid('customer', 1), '20', '0'],
        [uuid('customer', 600), '20', '0'],
      ],
    },
    {
      id: 'hook_health',
      sql: `SELECT "status", COUNT(*) FROM "WebhookDelivery" WHERE "createdAt" >= $1 AND "createdAt" < $2 GROUP BY "status"`,
      callsPerMinute: 30,
      samples: [
        ["'2026-09-15 05:00:00+00'", "'2026-09-15 06:00:00+00'"],
        ["'2026-09-01 10:00:00+00'", "'2026-09-01 12:00:00+00'"],
      ],
    },
    {
      id: 'free_slots',
      sql: `select day, slot, capacity - booked as free from capacity_slot where depot_id = $1 and day between $2 and $3 and booked < capacity
             order by day, slot limit 20`,
      callsPerMinute: 150,
      samples: [
        ['7', "'2026-09-15'", "'2026-09-20'"],
        ['31', "'2026-09-16'", "'2026-09-17'"],
      ],
    },
    {
      id: 'silent',
      sql: `SELECT "id", "serial", "lastSeenAt" FROM "Handheld" WHERE "lastSeenAt" < $1 ORDER BY "lastSeenAt" LIMIT 50`,
      callsPerMinute: 0.3,
      samples: [["'2026-09-14 11:00:00+00'"]],
    },
    {
      id: 'scan',
      sql: `insert into scan_event (parcel_id, kind, depot_id, device_id, note, at) values ($1, 'sort', 7, ${uuid('handheld', 17)}, null, ${NOW})`,
      callsPerMinute: 1800,
      samples: [['29001'], ['29504']],
    },
    {
      id: 'set_status',
      sql: `update parcel set status = $2, status_at = ${NOW} where id = $1`,
      callsPerMinute: 1600,
      samples: [
        ['29001', "'in_transit'"],
        ['29777', "'at_depot'"],
      ],
    },
    {
      id: 'deliver',
      sql: `update parcel set status = 'delivered', status_at = ${NOW}, delivered_at = ${NOW} where id = $1`,
      callsPerMinute: 180,
      samples: [['29003']],
    },
    {
      id: 'announce',
      sql: `insert into parcel values ($1, $2, ${uuid('customer', 40)}, null, 'STANDARD', 'announced', ${NOW}, 7, 900, 'ORD-12', '2026-09-17', ${NOW}, null)`,
      callsPerMinute: 260,
      samples: [['100000001', "'JD100000001GB'"]],
    },
    {
      id: 'new_eta',
      sql: 'update route_stop set eta = $3 where route_id = $1 and position = $2',
      callsPerMinute: 1200,
      samples: [
        [uuid('route', 17), '4', "'2026-09-15 09:00:00+00'"],
        [uuid('route', 200), '8', "'2026-09-15 10:00:00+00'"],
      ],
    },
    {
      id: 'delay_route',
      sql: `update route_stop as s set eta = s.eta + interval '10 minutes' from "Route" as r
             where r."id" = s.route_id and r."driverId" = $1 and r."day" = $2 and s.state = 'planned'`,
      callsPerMinute: 40,
      samples: [
        ['17', "'2026-09-15'"],
        ['230', "'2026-09-15'"],
      ],
    },
    {
      id: 'book_slot',
      sql: `insert into capacity_slot values ($1, $2, $3, 40, 1) on conflict (depot_id, day, slot) do update set booked = capacity_slot.booked + 1`,
      callsPerMinute: 500,
      samples: [
        ['7', "'2026-09-16'", '3'],
        ['31', "'2026-09-17'", '9'],
      ],
    },
    {
      id: 'heartbeat',
      sql: `update "public"."Handheld" set "lastSeenAt" = ${NOW}, "battery" = $2 where ("public"."Handheld"."id" = $1 and 1=1)`,
      callsPerMinute: 900,
      samples: [
        [uuid('handheld', 17), '55'],
        [uuid('handheld', 2042), '12'],
      ],
    },
    {
      id: 'emit',
      sql: `insert into outbox (topic, parcel_id, payload, attempts, created_at) values ('parcel.status', $1, '{"status": "in_transit"}', 0, ${NOW})`,
      callsPerMinute: 1500,
      samples: [['29001']],
    },
    {
      id: 'take_events',
      sql: `update outbox set attempts = attempts + 1 where id in
             (select id from outbox where published_at is null order by id limit 10 for update skip locked) returning id, topic, payload`,
      callsPerMinute: 150,
      samples: [[]],
    },
    {
      id: 'publish',
      sql: `update outbox set published_at = ${NOW} where id = $1`,
      callsPerMinute: 1500,
      samples: [['29998']],
    },
    {
      id: 'purge_events',
      sql: 'delete from outbox where id in (select id from outbox where published_at < $1 order by id limit 100)',
      callsPerMinute: 3,
      samples: [["'2026-09-12 06:00:00+00'"]],
    },
    {
      id: 'enqueue',
      sql: `insert into "public"."WebhookDelivery" values ($1, ${uuid('customer', 40)}, 77, 'PENDING', 0, null, ${NOW}, '{"type": "parcel.status"}', ${NOW})`,
      callsPerMinute: 300,
      samples: [[uuid('new', 1)]],
    },
    {
      id: 'take_hooks',
      sql: `update "WebhookDelivery" set "attempt" = "attempt" + 1, "nextAttemptAt" = $1::timestamptz + interval '5 minutes' where "id" in
             (select "id" from "WebhookDelivery" where "status" in ('PENDING', 'RETRY') and "nextAttemptAt" <= $1
              order by "nextAttemptAt" limit 5 for update skip locked) returning "id", "body"`,
      callsPerMinute: 120,
      samples: [[NOW]],
    },
    {
      id: 'purge_hooks',
      sql: 'delete from "public"."WebhookDelivery" where "public"."WebhookDelivery"."createdAt" < $1',
      callsPerMinute: 5,
      samples: [["'2026-08-16 07:00:00+00'"]],
    },
    {
      id: 'purge_parcels',
      sql: 'delete from parcel where id <= $1 and delivered_at < $2',
      callsPerMinute: 3,
      samples: [['12', "'2026-06-15 00:00:00+00'"]],
    },
  ],
  expected: [
    {
      sql: 'create index on parcel (sender_id, created_at)',
      why: 'pages by keyset, one arm of the OR',
      serves: ['sent_next', 'sent_or_received'],
    },
    {
      sql: 'create index on parcel (recipient_id, created_at) where recipient_id is not null',
      why: 'the other arm of the OR; most parcels have none',
      serves: ['sent_or_received'],
    },
    { sql: 'create index on parcel (shipper_ref)', why: 'two rows of all', serves: ['by_reference'] },
    {
      sql: 'create index on parcel (due_on) where delivered_at is null',
      why: '3 % of the rows; a new status leaves it alone',
      serves: ['due_by_depot', 'undelivered'],
    },
    {
      sql: 'create index on scan_event (parcel_id, at)',
      why: 'history and the latest; an anti join; a cascade; in one partition each',
      serves: ['history', 'latest_lateral', 'latest_distinct'],
    },
    {
      sql: "create index on scan_event (depot_id, at) where kind = 'exception'",
      why: '1 % of the rows',
      serves: ['exceptions'],
    },
    {
      sql: 'create index on scan_event (at)',
      why: 'some hours of all depots',
      serves: ['throughput'],
    },
    {
      sql: 'create index on "Route" ("depotId", "day")',
      why: 'a day of one depot',
      serves: ['routes_of_depot'],
    },
    {
      sql: 'create index on route_stop (parcel_id)',
      why: 'where a parcel is; a cascade',
      serves: ['stop_of_parcel'],
    },
    {
      sql: 'create index on "Address" ("customerId", "city")',
      why: 'a page of one account, and a large one has hundreds',
      serves: ['addresses'],
    },
    { sql: 'create index on "Address" ("postcode")', why: 'a prefix, in collation C', serves: ['postcodes'] },
    {
      sql: 'create index on "Tariff" ("customerId", "service", "zone")',
      why: 'own rates or, where the account is null, those of all',
      serves: ['price'],
    },
    {
      sql: 'create index on claim (opened_at) where decided_at is null',
      why: '5 % of the rows',
      serves: ['open_claims', 'open_claims_count'],
    },
    {
      sql: 'create index on claim (parcel_id)',
      why: 'nobody searches by it, but a cascade does',
      serves: ['purge_parcels'],
    },
    {
      sql: 'create index on "Invoice" ("customerId", "issuedOn")',
      why: 'the last of one account',
      serves: ['invoices'],
    },
    {
      sql: 'create index on "Invoice" ("status", "dueOn")',
      why: 'not partial: the cast from text is no constant when planned',
      serves: ['overdue'],
    },
    {
      sql: 'create index on "InvoiceLine" ("parcelId")',
      why: 'an anti join; a foreign key of a parent that is deleted',
      serves: ['billed', 'unbilled'],
    },
    {
      sql: 'create index on outbox (id) where published_at is null',
      why: 'a queue: few of the rows',
      serves: ['take_events'],
    },
    {
      sql: `create index on "WebhookDelivery" ("nextAttemptAt") where "status" in ('PENDING', 'RETRY')`,
      why: 'a queue: 2 % of the rows',
      serves: ['take_hooks'],
    },
    {
      sql: 'create index on "WebhookDelivery" ("customerId", "createdAt")',
      why: 'the last of one account',
      serves: ['deliveries'],
    },
    {
      sql: 'create index on "WebhookDelivery" ("createdAt")',
      why: 'the last hour; the oldest, which go: the key is random',
      serves: ['hook_health', 'purge_hooks'],
    },
  ],
  traps: [
    { table: 'depot', kind: 'any', column: null, why: '40 rows' },
    { table: 'parcel', kind: 'held', column: 'status', why: 'ends HOT on 1600 updates a minute' },
    { table: 'parcel', kind: 'held', column: 'status_at', why: 'ends HOT on 1600 updates a minute' },
    {
      table: 'parcel',
      kind: 'first',
      column: 'tracking_no',
      why: 'the unique key serves prefixes in collation C',
    },
    { table: 'parcel', kind: 'first', column: 'depot_id', why: '40 values, and nothing searches by it' },
    {
      table: 'scan_event',
      kind: 'held',
      column: 'device_id',
      why: '1800 inserts a minute, asked once an hour',
    },
    { table: 'route_stop', kind: 'held', column: 'eta', why: 'ends HOT on 1200 updates a minute' },
    { table: 'capacity_slot', kind: 'held', column: 'booked', why: 'ends HOT on 500 upserts a minute' },
    { table: 'Handheld', kind: 'held', column: 'lastSeenAt', why: 'ends HOT on 900 updates a minute' },
    {
      table: 'outbox',
      kind: 'first',
      column: 'published_at',
      why: 'the oldest come first by the primary key',
    },
  ],
}
