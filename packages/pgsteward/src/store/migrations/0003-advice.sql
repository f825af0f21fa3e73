-- Advice that was sought, and what indexes that appeared did to the statements they are for.

create table pgsteward.advice_run (
  id           bigint generated always as identity primary key,
  target_id    int not null references pgsteward.target,
  started_at   timestamptz not null,
  finished_at  timestamptz,
  status       text not null,
  because      text,
  workload     jsonb,
  report       jsonb
);
create index on pgsteward.advice_run (target_id, id);

-- When the target's indexes were last looked at: what is new since was made since.
create table pgsteward.index_reading (
  target_id  int primary key references pgsteward.target,
  at         timestamptz not null
);

create table pgsteward.index_seen (
  target_id      int not null references pgsteward.target,
  schema_name    text not null,
  name           text not null,
  first_seen_at  timestamptz not null,
  table_name     text not null,
  definition     text not null,
  -- the reading before, which did not have it; null: it was there at the first reading
  absent_until   timestamptz,
  gone_at        timestamptz,
  primary key (target_id, schema_name, name, first_seen_at)
);

create table pgsteward.index_effect (
  target_id    int not null references pgsteward.target,
  schema_name  text not null,
  name         text not null,
  appeared_at  timestamptz not null,
  is_complete  boolean not null,
  body         jsonb not null,
  primary key (target_id, schema_name, name, appeared_at)
);
