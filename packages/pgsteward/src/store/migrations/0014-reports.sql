-- Reports that were made: data, from which every rendering is made anew.

create table pgsteward.report (
  target_id  int not null references pgsteward.target,
  kind       text not null,
  -- of the period (2026-11-22, 2026-W47, 2026-11), the run or the version
  name       text not null,
  title      text not null,
  label      text not null,
  -- green, yellow, red, unknown; null: the kind has no verdict
  status     text,
  ends_at    timestamptz not null,
  made_at    timestamptz not null,
  body       jsonb not null,
  primary key (target_id, kind, name)
);
create index on pgsteward.report (ends_at);
