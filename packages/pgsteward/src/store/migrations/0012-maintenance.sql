-- Maintenance: jobs as they stand, and every attempt at a step of theirs. Who decided stands in pgsteward.decision, before anything runs.

create table pgsteward.maintenance_job (
  id           bigint generated always as identity primary key,
  target_id    int not null references pgsteward.target,
  -- finding, undo, routine; and the finding's key, the job that is undone, or the routine's name
  origin       text not null,
  origin_key   text not null,
  because      text not null,
  steps        jsonb not null,
  undo         jsonb,
  lock         text not null,
  caution      text not null,
  -- proposed, approved, running, done, failed, rejected
  state        text not null,
  -- decisions are never removed
  decision_id  bigint,
  next_step    int not null default 0,
  attempts     int not null default 0,
  not_before   timestamptz,
  created_at   timestamptz not null,
  ended_at     timestamptz,
  last_outcome text,
  last_because text
);
-- one at a time for one reason
create unique index on pgsteward.maintenance_job (target_id, origin, origin_key)
  where state in ('proposed', 'approved', 'running');
create index on pgsteward.maintenance_job (target_id, id);

create table pgsteward.maintenance_run (
  id           bigint generated always as identity primary key,
  job_id       bigint not null references pgsteward.maintenance_job on delete cascade,
  step         int not null,
  started_at   timestamptz not null,
  ended_at     timestamptz,
  -- the session at work and what was there before it
  mark         jsonb not null,
  result       jsonb
);
create index on pgsteward.maintenance_run (job_id, id);

alter table pgsteward.decision add column job_id bigint;
