-- Availability: probes and their attempts summed over time, outages; beside them what applications say of their requests.

create table pgsteward.probe (
  id                 int generated always as identity primary key,
  target_id          int not null references pgsteward.target,
  -- http, database, requests
  kind               text not null,
  name               text not null,
  address            text not null,
  every_ms           float8 not null,
  slo                float8 not null,
  -- no longer configured
  retired_at         timestamptz,
  last_at            timestamptz,
  -- the last attempt; null: none yet
  latest             jsonb,
  failures_in_a_row  int not null default 0,
  failing_since      timestamptz,
  unique (target_id, kind, name)
);

-- One row a bucket of time in which something was tried; `at` is its begin. Each attempt is added to all three.
create table pgsteward.probe_minute (
  probe_id    int not null references pgsteward.probe on delete cascade,
  at          timestamptz not null,
  attempts    float8 not null,
  failures    float8 not null,
  -- what the attempts stand for
  covered_ms  float8 not null,
  down_ms     float8 not null,
  -- within planned windows, and in none of the others
  planned_ms  float8 not null,
  total_ms    float8 not null,
  max_ms      float8 not null,
  primary key (probe_id, at)
);
create table pgsteward.probe_hour (
  like pgsteward.probe_minute, primary key (probe_id, at),
  foreign key (probe_id) references pgsteward.probe on delete cascade
);
create table pgsteward.probe_day (
  like pgsteward.probe_minute, primary key (probe_id, at),
  foreign key (probe_id) references pgsteward.probe on delete cascade
);

create table pgsteward.outage (
  probe_id    int not null references pgsteward.probe on delete cascade,
  started_at  timestamptz not null,
  -- null: it lasts
  ended_at    timestamptz,
  -- the last attempt that failed
  seen_at     timestamptz not null,
  failures    int not null,
  error       text not null,
  is_planned  boolean not null,
  primary key (probe_id, started_at)
);
