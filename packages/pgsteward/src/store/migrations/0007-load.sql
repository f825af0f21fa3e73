-- Load runs with small columns for lists and their body as JSON; percentiles by endpoint for histories; baselines; comparisons made.

create table pgsteward.load_run (
  id                  text primary key,
  received_at         timestamptz not null,
  started_at          timestamptz not null,
  duration_ms         float8 not null,
  scenario_id         text not null,
  -- id, title, hash, model, factors: what runs are told apart by
  scenario            jsonb not null,
  engine              text not null,
  target              text,
  -- name of the watched target, as the run has it
  target_id           text,
  ended               text not null,
  requests            float8 not null,
  errors              float8 not null,
  p50_ms              float8,
  p95_ms              float8,
  p99_ms              float8,
  -- reasons why it must not be believed, in words
  invalid             text[] not null,
  thresholds          int not null,
  crossed             text[] not null,
  host_class          text not null,
  git_sha             text,
  branch              text,
  experiment_id       text,
  experiment_side     text,
  -- parts of the body that were too large to keep
  left_out            text[] not null,
  body_bytes          float8 not null,
  -- null: gone, so that the store keeps to its size
  body                jsonb
);
create index on pgsteward.load_run (scenario_id, started_at);
create index on pgsteward.load_run (started_at);
create index on pgsteward.load_run (experiment_id) where experiment_id is not null;

create table pgsteward.load_run_series (
  run_id   text not null references pgsteward.load_run on delete cascade,
  place    int not null,
  name     text not null,
  feature  text,
  count    float8 not null,
  errors   float8 not null,
  p50_ms   float8,
  p90_ms   float8,
  p95_ms   float8,
  p99_ms   float8,
  primary key (run_id, place)
);
create index on pgsteward.load_run_series (run_id, name);

create table pgsteward.load_baseline (
  id             bigint generated always as identity primary key,
  name           text not null,
  scenario_id    text not null,
  scenario_hash  text not null,
  host_class     text not null,
  status         text not null,
  created_at     timestamptz not null,
  promoted_at    timestamptz,
  promoted_by    text,
  promoted_why   text,
  run_ids        text[] not null,
  -- of all requests of all its runs together
  p50_ms         float8,
  p95_ms         float8,
  body           jsonb not null
);
create unique index on pgsteward.load_baseline (name, scenario_id, host_class);

create table pgsteward.load_comparison (
  id           bigint generated always as identity primary key,
  at           timestamptz not null,
  scenario_id  text,
  -- as asked for: ids of runs, or a baseline
  base         text not null,
  head         text not null,
  base_ids     text[] not null,
  head_ids     text[] not null,
  design       text not null,
  verdict      text not null,
  summary      text not null,
  body         jsonb not null
);
create unique index on pgsteward.load_comparison (base, head);
create index on pgsteward.load_comparison (at);
