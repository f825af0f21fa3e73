-- The store's tables. Every name is qualified: nothing here depends on search_path.

create schema if not exists pgsteward;

create table pgsteward.target (
  id            int generated always as identity primary key,
  name          text not null unique,
  -- statement intervals up to here are in the roll-ups
  folded_until  timestamptz,
  -- series up to here are in series_hour and series_day
  series_folded_until timestamptz
);

create table pgsteward.lease (
  target_id  int primary key references pgsteward.target,
  holder     text not null,
  until_at   timestamptz not null
);

-- One row a saved snapshot, which makes saving idempotent.
create table pgsteward.snapshot (
  target_id   int not null,
  at          timestamptz not null,
  statements  int not null,
  rows        int not null,
  bytes       bigint not null,
  took_ms     real not null,
  primary key (target_id, at)
) partition by range (at);

create table pgsteward.series (
  id         int generated always as identity primary key,
  target_id  int not null references pgsteward.target,
  -- series of one pack lie in one row a reading: an array is a fifth of the bytes of a row a point
  pack       text not null,
  name       text not null,
  unit       text not null,
  labels     jsonb not null,
  unique (target_id, name, labels)
);

create table pgsteward.series_raw (
  target_id   int not null,
  pack        text not null,
  at          timestamptz not null,
  series_ids  int[] not null,
  points      float8[] not null,
  primary key (target_id, pack, at)
) partition by range (at);

-- `at` is the bucket's end, points are means over the bucket.
create table pgsteward.series_hour (
  target_id   int not null,
  pack        text not null,
  at          timestamptz not null,
  series_ids  int[] not null,
  points      float8[] not null,
  primary key (target_id, pack, at)
) partition by range (at);

create table pgsteward.series_day (
  target_id   int not null,
  pack        text not null,
  at          timestamptz not null,
  series_ids  int[] not null,
  points      float8[] not null,
  primary key (target_id, pack, at)
) partition by range (at);

create table pgsteward.query_text (
  hash  bytea primary key,
  text  text not null
);

create table pgsteward.statement_text (
  target_id  int not null references pgsteward.target,
  query_id   bigint not null,
  hash       bytea not null references pgsteward.query_text,
  primary key (target_id, query_id)
);

create table pgsteward.statement (
  id             int generated always as identity primary key,
  target_id      int not null references pgsteward.target,
  query_id       bigint not null,
  database_name  text not null,
  user_name      text not null,
  is_top_level   boolean not null,
  unique (target_id, query_id, database_name, user_name, is_top_level)
);

-- The statements that moved between two readings, side by side in arrays; a column that is 0 for all of them is null.
-- real: seven digits, and whole numbers are exact up to 16.7 million an interval.
create table pgsteward.statement_interval (
  target_id      int not null,
  at             timestamptz not null,
  seconds        real not null,
  statement_ids  int[] not null,
  calls          real[],
  exec_ms        real[],
  rows           real[],
  blocks_hit     real[],
  blocks_read    real[],
  temp_written   real[],
  wal_bytes      real[],
  block_read_ms  real[],
  primary key (target_id, at)
) partition by range (at);

-- Sums by bucket; `at` is the bucket's start. Multiples of one another, so that any window is a few buckets.
create table pgsteward.statement_hour (
  statement_id   int not null,
  target_id      int not null,
  at             timestamptz not null,
  calls          float8 not null,
  exec_ms        float8 not null,
  rows           float8 not null,
  blocks_hit     float8 not null,
  blocks_read    float8 not null,
  temp_written   float8 not null,
  wal_bytes      float8 not null,
  block_read_ms  float8 not null,
  primary key (statement_id, at)
) partition by range (at);
create index on pgsteward.statement_hour (target_id, at);

create table pgsteward.statement_6h (
  like pgsteward.statement_hour, primary key (statement_id, at)
) partition by range (at);
create index on pgsteward.statement_6h (target_id, at);

create table pgsteward.statement_day (
  like pgsteward.statement_hour, primary key (statement_id, at)
) partition by range (at);
create index on pgsteward.statement_day (target_id, at);

create table pgsteward.statement_week (
  like pgsteward.statement_hour, primary key (statement_id, at)
) partition by range (at);
create index on pgsteward.statement_week (target_id, at);

-- Seconds really covered by readings, by hour (start), for rates over roll-ups.
create table pgsteward.covered_hour (
  target_id  int not null,
  at         timestamptz not null,
  seconds    float8 not null,
  primary key (target_id, at)
) partition by range (at);

create table pgsteward.break (
  target_id  int not null references pgsteward.target,
  at         timestamptz not null,
  fact_id    text not null,
  cause      text not null,
  primary key (target_id, at, fact_id, cause)
);

-- The latest rows of each state fact.
create table pgsteward.document (
  target_id  int not null references pgsteward.target,
  fact_id    text not null,
  at         timestamptz not null,
  rows       jsonb not null,
  primary key (target_id, fact_id)
);

create table pgsteward.outcome (
  target_id  int not null references pgsteward.target,
  check_id   text not null,
  status     text not null,
  because    text,
  at         timestamptz not null,
  primary key (target_id, check_id)
);

create table pgsteward.finding (
  target_id      int not null references pgsteward.target,
  key            text not null,
  check_id       text not null,
  area           text not null,
  state          text not null,
  severity       text not null,
  -- subject, summary, evidence, remedy
  body           jsonb not null,
  first_seen_at  timestamptz not null,
  last_seen_at   timestamptz not null,
  opened_at      timestamptz,
  resolved_at    timestamptz,
  muted_until    timestamptz,
  mute_reason    text,
  primary key (target_id, key)
);
create index on pgsteward.finding (state, resolved_at);

create table pgsteward.finding_event (
  id          bigint generated always as identity primary key,
  target_id   int not null references pgsteward.target,
  key         text not null,
  at          timestamptz not null,
  transition  text not null,
  severity    text not null,
  actor       text,
  reason      text
);
create index on pgsteward.finding_event (target_id, key, id);

create table pgsteward.decision (
  id           bigint generated always as identity primary key,
  target_id    int not null references pgsteward.target,
  at           timestamptz not null,
  actor        text not null,
  action       text not null,
  finding_key  text,
  reason       text not null,
  expires_at   timestamptz
);
create index on pgsteward.decision (target_id, finding_key, id);

-- Governance records: what was decided stays as it was decided.
create function pgsteward.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'decisions are append-only: % is refused', tg_op using errcode = 'restrict_violation';
end
$$;
create trigger decision_is_append_only before update or delete or truncate on pgsteward.decision
  for each statement execute function pgsteward.refuse_change();

-- For people and dashboards: the arrays as rows.
create view pgsteward.statement_interval_row as
  select i.target_id, i.at, i.seconds, u.statement_id,
         coalesce(u.calls, 0) as calls, coalesce(u.exec_ms, 0) as exec_ms, coalesce(u.rows, 0) as rows,
         coalesce(u.blocks_hit, 0) as blocks_hit, coalesce(u.blocks_read, 0) as blocks_read,
         coalesce(u.temp_written, 0) as temp_written, coalesce(u.wal_bytes, 0) as wal_bytes,
         coalesce(u.block_read_ms, 0) as block_read_ms
    from pgsteward.statement_interval i
   cross join lateral unnest(i.statement_ids, i.calls, i.exec_ms, i.rows, i.blocks_hit, i.blocks_read,
                             i.temp_written, i.wal_bytes, i.block_read_ms)
         as u (statement_id, calls, exec_ms, rows, blocks_hit, blocks_read, temp_written, wal_bytes, block_read_ms);

create view pgsteward.series_point as
  select s.target_id, s.name, s.unit, s.labels, r.at, u.point
    from pgsteward.series_raw r
   cross join lateral unnest(r.series_ids, r.points) as u (series_id, point)
    join pgsteward.series s on s.id = u.series_id;
