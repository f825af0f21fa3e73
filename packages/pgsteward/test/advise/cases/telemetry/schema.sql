-- Readings of devices, partitioned by month, with alerts, commands to devices and maintenance windows.
create table site (id int primary key, name text not null, region text not null);
create table rule (id int primary key, site_id int not null references site, metric text not null, threshold float8 not null, enabled boolean not null);
create table device (id bigint primary key, site_id int not null references site, serial text not null unique, model text not null,
  state text not null, labels text[] not null, config jsonb not null, firmware text not null, battery smallint, last_seen_at timestamptz not null)
  with (fillfactor = 80);
create table reading (id bigint generated always as identity, device_id bigint not null, metric text not null, at timestamptz not null,
  value float8 not null, quality smallint not null, primary key (at, id)) partition by range (at);
create table "reading_2025-09" partition of reading for values from ('2025-09-01 00:00:00+00') to ('2025-10-01 00:00:00+00');
create table "reading_2025-10" partition of reading for values from ('2025-10-01 00:00:00+00') to ('2025-11-01 00:00:00+00');
create table "reading_2025-11" partition of reading for values from ('2025-11-01 00:00:00+00') to ('2025-12-01 00:00:00+00');
create table "reading_2025-12" partition of reading for values from ('2025-12-01 00:00:00+00') to ('2026-01-01 00:00:00+00');
create table "reading_2026-01" partition of reading for values from ('2026-01-01 00:00:00+00') to ('2026-02-01 00:00:00+00');
create table "reading_2026-02" partition of reading for values from ('2026-02-01 00:00:00+00') to ('2026-03-02 00:00:00+00');
create table rollup_hour (device_id bigint not null, metric text not null, hour timestamptz not null, least float8 not null, most float8 not null,
  mean float8 not null, samples int not null, primary key (device_id, metric, hour)) with (fillfactor = 85);
create table alert (id bigint primary key, device_id bigint not null references device on delete cascade, rule_id int not null references rule,
  severity text not null, note text not null, opened_at timestamptz not null, closed_at timestamptz, acked_by bigint);
create table command (id bigint primary key, device_id bigint not null references device on delete cascade, state text not null, payload jsonb not null,
  correlation uuid not null, attempts int not null, run_at timestamptz not null, created_at timestamptz not null);
create table maintenance (id bigint primary key, device_id bigint not null references device on delete cascade, during tstzrange not null, reason text not null);
create table ingest_log (id bigint generated always as identity primary key, gateway text not null, received_at timestamptz not null,
  bytes int not null, body jsonb not null);
