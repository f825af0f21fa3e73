-- Plans of statements, one row a shape; their changes; what happened to the target.

create table pgsteward.plan (
  id             bigint generated always as identity primary key,
  target_id      int not null references pgsteward.target,
  database_name  text not null,
  -- null: only the fingerprint is known
  query_id       bigint,
  fingerprint    text not null,
  -- plans with values, without, and as executed differ by themselves: each source is compared with its own kind only
  source         text not null,
  shape          text not null,
  first_seen_at  timestamptz not null,
  last_seen_at   timestamptz not null,
  seen           int not null,
  is_analyzed    boolean not null,
  total_cost     float8 not null,
  duration_ms    float8,
  parameters     text[],
  text           text not null,
  -- json, not jsonb: readers see EXPLAIN's order of fields
  body           json not null
);
create unique index on pgsteward.plan (target_id, database_name, fingerprint, (coalesce(query_id, 0)), source, shape);
create index on pgsteward.plan (target_id, query_id);
create index on pgsteward.plan (target_id, last_seen_at);

-- Sights of one plan in a row: where one run follows another of the same statement and source, the plan has changed.
create table pgsteward.plan_run (
  plan_id  bigint not null references pgsteward.plan on delete cascade,
  from_at  timestamptz not null,
  to_at    timestamptz not null,
  -- the run before it, kept here since the plan that it was of may be forgotten
  before_plan_id  bigint references pgsteward.plan on delete cascade,
  before_to_at    timestamptz,
  primary key (plan_id, from_at)
);
create index on pgsteward.plan_run (from_at) where before_plan_id is not null;
create index on pgsteward.plan_run (before_plan_id);

create table pgsteward.target_event (
  target_id  int not null references pgsteward.target,
  at         timestamptz not null,
  kind       text not null,
  subject    text not null,
  detail     text not null,
  primary key (target_id, at, kind, subject, detail)
);
