-- What applications tell of themselves: their operations by minute, hour and day, slow queries, repeats, pools.

alter table pgsteward.query_text add column fingerprint text;
create index on pgsteward.query_text (fingerprint);
-- texts stored before there were fingerprints, until the next start has filled them
create index query_text_unmarked_idx on pgsteward.query_text (hash) where fingerprint is null;

create table pgsteward.application (
  id             int generated always as identity primary key,
  target_id      int not null references pgsteward.target,
  name           text not null,
  sdk            text not null,
  version        text,
  environment    text,
  first_seen_at  timestamptz not null,
  last_seen_at   timestamptz not null,
  -- minutes up to here are in operation_hour, whole days of them in operation_day
  folded_until   timestamptz,
  unique (target_id, name)
);

create table pgsteward.application_instance (
  application_id  int not null references pgsteward.application on delete cascade,
  instance        text not null,
  last_seen_at    timestamptz not null,
  -- as last told
  pools           jsonb not null,
  primary key (application_id, instance)
);

-- Bodies of the last hour, so that one that is sent again counts once.
create table pgsteward.application_body (
  digest  bytea primary key,
  at      timestamptz not null
);
create index on pgsteward.application_body (at);

create table pgsteward.operation (
  id              int generated always as identity primary key,
  application_id  int not null references pgsteward.application on delete cascade,
  -- of all the names below: together they may be longer than an index entry
  hash            bytea not null,
  kind            text not null,
  name            text not null,
  route           text,
  fingerprint     text,
  model           text,
  action          text,
  caller          text,
  labels          text,
  last_seen_at    timestamptz not null,
  unique (application_id, hash)
);
create index on pgsteward.operation (fingerprint);

-- The operations that moved within a minute (`at` is its start), of all processes of the application, side by side in arrays.
create table pgsteward.operation_minute (
  application_id  int not null,
  at              timestamptz not null,
  -- minutes with data: what rates divide by
  minutes         int not null,
  operation_ids   int[] not null,
  count           real[] not null,
  errors          real[] not null,
  total_ms        real[] not null,
  max_ms          real[] not null,
  rows            real[] not null,
  query_ms        real[] not null,
  skipped_rows    real[] not null,
  -- a histogram for each, see operation-pack.ts
  histograms      bytea not null,
  primary key (application_id, at)
) partition by range (at);

create table pgsteward.operation_hour (
  application_id  int not null,
  at              timestamptz not null,
  minutes         int not null,
  operation_ids   int[] not null,
  count           float8[] not null,
  errors          float8[] not null,
  total_ms        float8[] not null,
  max_ms          float8[] not null,
  rows            float8[] not null,
  query_ms        float8[] not null,
  skipped_rows    float8[] not null,
  histograms      bytea not null,
  primary key (application_id, at)
) partition by range (at);

create table pgsteward.operation_day (
  like pgsteward.operation_hour, primary key (application_id, at)
) partition by range (at);

-- What the sender or the door kept out, by hour.
create table pgsteward.application_dropped (
  application_id  int not null references pgsteward.application on delete cascade,
  at              timestamptz not null,
  kind            text not null,
  count           float8 not null,
  primary key (application_id, at, kind)
);

-- Requests that sent one statement again and again (N+1), by minute and place.
create table pgsteward.repeated_statement (
  application_id  int not null,
  at              timestamptz not null,
  place           bytea not null,
  fingerprint     text not null,
  route           text,
  model           text,
  action          text,
  caller          text,
  requests        float8 not null,
  repetitions     float8 not null,
  total_ms        float8 not null,
  last_at         timestamptz not null,
  primary key (application_id, at, place)
) partition by range (at);

create sequence pgsteward.slow_query_id;

create table pgsteward.slow_query_log (
  id                  bigint not null default nextval('pgsteward.slow_query_id'),
  at                  timestamptz not null,
  target_id           int not null,
  application_id      int,
  source              text not null,
  fingerprint         text not null,
  -- of query_text
  query_hash          bytea not null,
  duration_ms         real not null,
  waited_for_pool_ms  real not null,
  rows                float8,
  caller              text,
  route               text,
  model               text,
  action              text,
  parameters          text[],
  database_name       text,
  user_name           text,
  trace_id            text,
  sql_state           text,
  wait_event          text,
  plan                jsonb,
  primary key (id, at)
) partition by range (at);
create index on pgsteward.slow_query_log (target_id, at);
create index on pgsteward.slow_query_log (fingerprint, at);

-- Slow queries that were thrown away before their time, by hour.
create table pgsteward.slow_query_dropped (
  target_id  int not null references pgsteward.target,
  at         timestamptz not null,
  count      float8 not null,
  primary key (target_id, at)
);

-- For people and dashboards: names and texts in place of numbers.
create view pgsteward.slow_query as
  select l.at, t.name as target, a.name as application, q.text as query, l.duration_ms, l.caller, l.fingerprint, l.parameters,
         l.user_name, l.database_name, l.rows, l.wait_event, l.plan, l.trace_id, l.route, l.model, l.action,
         l.waited_for_pool_ms, l.sql_state, l.source
    from pgsteward.slow_query_log l
    join pgsteward.target t on t.id = l.target_id
    left join pgsteward.application a on a.id = l.application_id
    left join pgsteward.query_text q on q.hash = l.query_hash;

create view pgsteward.operation_minute_row as
  select o.application_id, i.at, o.kind, o.name, o.route, o.fingerprint, o.model, o.action, o.caller, o.labels,
         u.count, u.errors, u.total_ms, u.max_ms, u.rows, u.query_ms, u.skipped_rows
    from pgsteward.operation_minute i
   cross join lateral unnest(i.operation_ids, i.count, i.errors, i.total_ms, i.max_ms, i.rows, i.query_ms,
                             i.skipped_rows)
         as u (operation_id, count, errors, total_ms, max_ms, rows, query_ms, skipped_rows)
    join pgsteward.operation o on o.id = u.operation_id;
