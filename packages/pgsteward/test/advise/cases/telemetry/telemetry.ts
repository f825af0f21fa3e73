// Telemetry. Hard here: a partitioned table, latest rows per device, time windows with grouping, a queue that updates what it takes,
// arrays, documents, ranges, and devices whose heartbeat must stay heap-only.

import type { AdviceCase } from '../advice-case.ts'

const NOW = "'2026-03-01 00:00:00+00'"
const TEN = "'{5,17,44,58,99,120,131,180,207,290}'"

export const telemetry: AdviceCase = {
  title: 'Telemetry of devices',
  statements: [
    {
      id: 'last_value',
      sql: 'select at, value from reading where device_id = $1 and metric = $2 order by at desc limit 1',
      callsPerMinute: 600,
      samples: [
        ['17', "'temp'"],
        ['300', "'flow'"],
      ],
    },
    {
      id: 'series',
      sql: 'select at, value from reading where device_id = $1 and metric = $2 and at >= $3 and at < $4 order by at',
      callsPerMinute: 200,
      samples: [
        ['17', "'temp'", "'2026-02-20 00:00:00+00'", "'2026-02-27 00:00:00+00'"],
        ['300', "'flow'", "'2025-12-20 00:00:00+00'", "'2026-01-10 00:00:00+00'"],
      ],
    },
    {
      id: 'by_hour',
      sql: `select date_trunc('hour', at) as hour, avg(value), count(*) filter (where quality < 50) as poor from reading
             where device_id = $1 and at >= $2 and at < $3 group by 1 order by 1`,
      callsPerMinute: 60,
      samples: [['17', "'2026-02-01 00:00:00+00'", "'2026-02-15 00:00:00+00'"]],
    },
    {
      id: 'window',
      sql: 'select count(*), min(value), max(value) from reading where at >= $1 and at < $2',
      callsPerMinute: 10,
      samples: [["'2026-02-27 10:00:00+00'", "'2026-02-27 12:00:00+00'"]],
    },
    {
      id: 'latest_of_many',
      sql: `select distinct on (device_id) device_id, at, value from reading where device_id = any ($1) and metric = 'temp' and at >= $2
             order by device_id, at desc`,
      callsPerMinute: 30,
      samples: [[TEN, "'2026-02-10 00:00:00+00'"]],
    },
    {
      id: 'fleet',
      sql: `select d.id, d.serial, r.value from device d cross join lateral
             (select value from reading where device_id = d.id and metric = $2 order by at desc limit 1) r where d.id = any ($1)`,
      callsPerMinute: 40,
      samples: [[TEN, "'volt'"]],
    },
    {
      id: 'first_and_last',
      sql: 'select min(at), max(at) from reading where device_id = $1 and metric = $2',
      callsPerMinute: 15,
      samples: [['17', "'temp'"]],
    },
    {
      id: 'by_serials',
      sql: 'select id, serial, state from device where serial = any ($1)',
      callsPerMinute: 10,
      samples: [["'{SN-C4CA4238A0,SN-C81E728D9D,SN-ECCBC87E4B}'"]],
    },
    {
      id: 'open_alerts',
      sql: `select a.id, a.severity, d.serial from alert a join device d on d.id = a.device_id
             where a.closed_at is null and d.site_id = $1 order by a.opened_at desc limit 50`,
      callsPerMinute: 90,
      samples: [['1'], ['12']],
    },
    {
      id: 'alerts_of_device',
      sql: 'select id, severity, opened_at, closed_at from alert where device_id = $1 order by opened_at desc limit 20',
      callsPerMinute: 80,
      samples: [['5'], ['900']],
    },
    {
      id: 'unacked',
      sql: `select count(*) from alert where closed_at is null and acked_by is null and severity = 'critical'`,
      callsPerMinute: 120,
      samples: [[]],
    },
    {
      id: 'without_command',
      sql: `select a.id from alert a where a.closed_at is null and not exists
             (select from command c where c.device_id = a.device_id and c.created_at > a.opened_at)`,
      callsPerMinute: 5,
      samples: [[]],
    },
    {
      id: 'take_commands',
      sql: `update command set state = 'sent', attempts = attempts + 1 where id in
             (select id from command where state = 'queued' and run_at <= $1 order by run_at limit 1 for update skip locked) returning id, payload`,
      callsPerMinute: 300,
      samples: [[NOW], ["'2026-02-20 00:00:00+00'"]],
    },
    {
      id: 'answer',
      sql: 'select id, device_id, state from command where correlation = $1',
      callsPerMinute: 200,
      samples: [["'3cd6f1f4-3d1b-0b7b-3a3b-7e0b0f1a1c1d'"], ["'4a8a08f0-9d37-b737-9564-9038408b5f33'"]],
    },
    {
      id: 'commands_of_device',
      sql: 'select id, state, created_at from command where device_id = $1 order by created_at desc limit 10',
      callsPerMinute: 100,
      samples: [['5'], ['900']],
    },
    {
      id: 'batch',
      sql: `select id, device_id, state from command where payload ->> 'batch' = $1`,
      callsPerMinute: 15,
      samples: [["'B77'"], ["'B500'"]],
    },
    {
      id: 'failing',
      sql: `select device_id, count(*) from command where state = 'failed' and created_at >= $1 group by device_id order by 2 desc limit 20`,
      callsPerMinute: 12,
      samples: [["'2026-02-20 00:00:00+00'"]],
    },
    {
      id: 'labelled',
      sql: 'select id, serial from device where labels @> $1',
      callsPerMinute: 30,
      samples: [["'{zone77}'"], ["'{zone3,line9}'"]],
    },
    {
      id: 'behind_gateway',
      sql: 'select id, serial from device where config @> $1',
      callsPerMinute: 20,
      samples: [[`'{"gateway": "gw-77"}'`]],
    },
    {
      id: 'in_maintenance',
      sql: 'select device_id, reason from maintenance where during @> $1::timestamptz',
      callsPerMinute: 60,
      samples: [["'2026-02-20 10:00:00+00'"], ["'2025-05-20 10:00:00+00'"]],
    },
    {
      id: 'maintenance_of',
      sql: 'select id, during from maintenance where device_id = $1 and during && tstzrange($2, $3)',
      callsPerMinute: 30,
      samples: [['77', "'2025-01-01 00:00:00+00'", "'2026-03-01 00:00:00+00'"]],
    },
    {
      id: 'worst_hours',
      sql: `select device_id, max(most) from rollup_hour where metric = $1 and hour >= $2 group by device_id order by 2 desc limit 10`,
      callsPerMinute: 20,
      samples: [["'temp'", "'2026-02-28 21:00:00+00'"]],
    },
    {
      id: 'low_battery',
      sql: 'select id, battery from device where battery < 5 order by battery limit 50',
      callsPerMinute: 0.5,
      samples: [[]],
    },
    {
      id: 'silent',
      sql: 'select id from device where last_seen_at < $1 order by last_seen_at limit 100',
      callsPerMinute: 0.5,
      samples: [["'2026-02-28 22:10:00+00'"]],
    },
    {
      id: 'of_gateway',
      sql: 'select id, bytes from ingest_log where gateway = $1 and received_at > $2 order by received_at desc limit 50',
      callsPerMinute: 0.02,
      samples: [["'gw-17'", "'2026-02-20 00:00:00+00'"]],
    },
    {
      id: 'models',
      sql: `select model, count(*) from device where state = 'active' group by model order by 2 desc`,
      callsPerMinute: 2,
      samples: [[]],
    },
    {
      id: 'read',
      sql: `insert into reading (device_id, metric, at, value, quality) values ($1, 'temp', ${NOW}, 20.5, 99)`,
      callsPerMinute: 3000,
      samples: [['17'], ['301']],
    },
    {
      id: 'heartbeat',
      sql: `update device set last_seen_at = ${NOW}, battery = $2 where id = $1`,
      callsPerMinute: 1800,
      samples: [
        ['17', '55'],
        ['301', '3'],
      ],
    },
    {
      id: 'roll_up',
      sql: `insert into rollup_hour values ($1, 'temp', $2, 1, 99, 40, 1) on conflict (device_id, metric, hour)
             do update set most = greatest(rollup_hour.most, excluded.most), samples = rollup_hour.samples + 1`,
      callsPerMinute: 800,
      samples: [
        ['17', "'2026-02-28 23:00:00+00'"],
        ['18', "'2026-02-28 22:00:00+00'"],
      ],
    },
    {
      id: 'open_alert',
      sql: `insert into alert values ($1, $2, 7, 'warning', 'threshold passed', ${NOW}, null, null)`,
      callsPerMinute: 60,
      samples: [['100000001', '17']],
    },
    {
      id: 'close_alert',
      sql: `update alert set closed_at = ${NOW} where id = $1`,
      callsPerMinute: 40,
      samples: [['1777']],
    },
    {
      id: 'send',
      sql: `insert into command values ($1, $2, 'queued', '{"verb": "probe", "batch": "B9"}', '4a8a08f0-9d37-b737-9564-000000000001', 0, ${NOW}, ${NOW})`,
      callsPerMinute: 280,
      samples: [['100000001', '17']],
    },
    {
      id: 'done',
      sql: `update command set state = 'done' where id = $1`,
      callsPerMinute: 260,
      samples: [['1700']],
    },
    {
      id: 'log',
      sql: `insert into ingest_log (gateway, received_at, bytes, body) values ('gw-17', ${NOW}, 400, '{"frames": 4, "ok": true}')`,
      callsPerMinute: 1500,
      samples: [[]],
    },
    {
      id: 'remove_device',
      sql: 'delete from device where id = $1',
      callsPerMinute: 0.5,
      samples: [['3900'], ['901']],
    },
  ],
  expected: [
    {
      sql: 'create index on reading (device_id, metric, at)',
      why: 'the latest, a series, both ends; on every partition',
      serves: ['last_value', 'series', 'by_hour', 'latest_of_many', 'fleet', 'first_and_last'],
    },
    {
      sql: 'create index on rollup_hour (hour, metric)',
      why: 'the last hours of all devices: the primary key starts with the device',
      serves: ['worst_hours'],
    },
    {
      sql: 'create index on alert (opened_at) where closed_at is null',
      why: '3 % of the rows',
      serves: ['open_alerts', 'unacked', 'without_command'],
    },
    {
      sql: 'create index on alert (device_id, opened_at)',
      why: 'of one device; a cascade',
      serves: ['alerts_of_device', 'remove_device'],
    },
    {
      sql: "create index on command (run_at) where state = 'queued'",
      why: 'a queue: 1.5 % of the rows',
      serves: ['take_commands'],
    },
    { sql: 'create index on command (correlation)', why: 'one row of all', serves: ['answer'] },
    {
      sql: 'create index on command (device_id, created_at)',
      why: 'of one device; a cascade; an anti join',
      serves: ['commands_of_device', 'without_command', 'remove_device'],
    },
    {
      sql: "create index on command ((payload ->> 'batch'))",
      why: 'a part of a document',
      serves: ['batch'],
    },
    {
      sql: "create index on command (created_at) where state = 'failed'",
      why: '2 % of the rows',
      serves: ['failing'],
    },
    { sql: 'create index on device using gin (labels)', why: 'arrays', serves: ['labelled'] },
    {
      sql: 'create index on device using gin (config jsonb_path_ops)',
      why: 'documents',
      serves: ['behind_gateway'],
    },
    {
      sql: 'create index on maintenance using gist (during)',
      why: 'which range holds a moment',
      serves: ['in_maintenance'],
    },
    {
      sql: 'create index on maintenance (device_id)',
      why: 'of one device; a cascade',
      serves: ['maintenance_of', 'remove_device'],
    },
  ],
  traps: [
    { table: 'site', kind: 'any', column: null, why: '30 rows' },
    { table: 'rule', kind: 'any', column: null, why: '200 rows' },
    { table: 'device', kind: 'held', column: 'last_seen_at', why: 'ends HOT on 1800 updates a minute' },
    { table: 'device', kind: 'held', column: 'battery', why: 'ends HOT on 1800 updates a minute' },
    { table: 'rollup_hour', kind: 'held', column: 'most', why: 'ends HOT on 800 updates a minute' },
    { table: 'rollup_hour', kind: 'held', column: 'samples', why: 'ends HOT on 800 updates a minute' },
    { table: 'ingest_log', kind: 'any', column: null, why: '1500 inserts a minute, asked once an hour' },
    { table: 'alert', kind: 'first', column: 'severity', why: 'three values' },
    { table: 'alert', kind: 'first', column: 'rule_id', why: 'a foreign key that nothing searches by' },
    { table: 'device', kind: 'first', column: 'state', why: 'three values' },
    { table: 'reading', kind: 'first', column: 'metric', why: 'three values' },
    { table: 'reading', kind: 'first', column: 'at', why: 'the primary key starts with it' },
  ],
}
