-- What happened since other systems were last told, by group: one event each at a time, however often it happens.

create table pgsteward.occurrence_group (
  target_id      int not null references pgsteward.target,
  -- of its kind and parts
  hash           bytea not null,
  -- of what no event tells yet: the worst of it whole
  worst          jsonb not null,
  count          float8 not null,
  total_ms       float8 not null,
  worst_ms       float8 not null,
  first_at       timestamptz not null,
  last_at        timestamptz not null,
  -- the event under way, as it will be sent again until it is taken
  event_id       text,
  event          jsonb,
  attempts       int not null,
  claimed_until  timestamptz,
  not_before     timestamptz not null,
  told_at        timestamptz,
  primary key (target_id, hash)
);
create index on pgsteward.occurrence_group (not_before);
create index on pgsteward.occurrence_group (told_at);
