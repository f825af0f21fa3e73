-- What sessions were seen doing, and incidents of blocking.

-- Minutes before it are in activity_hour.
alter table pgsteward.target add column activity_folded_until timestamptz;

-- The groups of a minute (`at` is its start) side by side in arrays; a restart within the minute makes a second row.
create table pgsteward.activity_minute (
  target_id              int not null,
  at                     timestamptz not null,
  started_at             timestamptz not null,
  -- covered by samples: what averages divide by
  seconds                real not null,
  peak_active            real not null,
  idle_in_transaction    real not null,
  blocked                real not null,
  oldest_transaction_ms  float8,
  oldest_xmin_age        float8,
  wait_types             text[] not null,
  wait_events            text[] not null,
  query_ids              bigint[] not null,
  databases              text[] not null,
  users                  text[] not null,
  applications           text[] not null,
  -- session-seconds
  sessions               real[] not null,
  primary key (target_id, at, started_at)
) partition by range (at);

create table pgsteward.activity_hour (
  like pgsteward.activity_minute, primary key (target_id, at, started_at)
) partition by range (at);

-- Of statements that pg_stat_statements does not have yet: cut, literals replaced.
create table pgsteward.activity_text (
  target_id  int not null references pgsteward.target,
  query_id   bigint not null,
  text       text not null,
  at         timestamptz not null,
  primary key (target_id, query_id)
);

create table pgsteward.blocking_incident (
  target_id   int not null references pgsteward.target,
  id          text not null,
  started_at  timestamptz not null,
  -- null: it lasts
  ended_at    timestamptz,
  seen_at     timestamptz not null,
  lost_ms     float8 not null,
  body        jsonb not null,
  primary key (target_id, id)
);
create index on pgsteward.blocking_incident (target_id, started_at);

create view pgsteward.activity_minute_row as
  select t.name as target, m.at, m.seconds, g.wait_type, g.wait_event, g.query_id, g.database_name, g.user_name,
         g.application, g.sessions
    from pgsteward.activity_minute m
    join pgsteward.target t on t.id = m.target_id
   cross join lateral unnest(m.wait_types, m.wait_events, m.query_ids, m.databases, m.users, m.applications, m.sessions)
         as g (wait_type, wait_event, query_id, database_name, user_name, application, sessions);
