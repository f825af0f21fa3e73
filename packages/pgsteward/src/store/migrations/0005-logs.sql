-- Events of PostgreSQL's log, their counts, and how far each source was read.

create table pgsteward.log_source (
  target_id   int not null references pgsteward.target,
  -- a file's path, 'http', 'syslog'
  source      text not null,
  last_at     timestamptz,
  lines       float8 not null,
  bytes       float8 not null,
  unknown     float8 not null,
  unreadable  float8 not null,
  because     text,
  -- which file it was, and how far of it is saved
  position    jsonb,
  seen_at     timestamptz not null,
  primary key (target_id, source)
);

-- All messages by minute (`at` is its start), those too that are not kept one by one.
create table pgsteward.log_count (
  target_id      int not null,
  at             timestamptz not null,
  class          text not null,
  severity       text not null,
  -- empty: of no database
  database_name  text not null,
  count          float8 not null,
  first_at       timestamptz not null,
  last_at        timestamptz not null,
  primary key (target_id, at, class, severity, database_name)
) partition by range (at);

create sequence pgsteward.log_event_id;

create table pgsteward.log_event (
  id             bigint not null default nextval('pgsteward.log_event_id'),
  at             timestamptz not null,
  target_id      int not null,
  class          text not null,
  severity       text not null,
  sql_state      text,
  pid            int,
  user_name      text,
  database_name  text,
  application    text,
  client         text,
  query_id       text,
  fingerprint    text,
  -- of query_text
  query_hash     bytea,
  message        text not null,
  detail         text,
  hint           text,
  context        text,
  duration_ms    float8,
  parameters     jsonb,
  figures        jsonb not null,
  plan           jsonb,
  primary key (id, at)
) partition by range (at);
create index on pgsteward.log_event (target_id, at);
create index on pgsteward.log_event (target_id, class, at);
create index on pgsteward.log_event (fingerprint, at);

-- For people and dashboards.
create view pgsteward.log_event_row as
  select e.at, t.name as target, e.class, e.severity, e.sql_state, e.message, e.detail, q.text as query, e.duration_ms,
         e.user_name, e.database_name, e.application, e.client, e.pid, e.fingerprint, e.query_id, e.parameters, e.figures
    from pgsteward.log_event e
    join pgsteward.target t on t.id = e.target_id
    left join pgsteward.query_text q on q.hash = e.query_hash;
