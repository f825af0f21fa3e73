-- Governance records: what was asked, decided, done and measured, entry by entry. A record is its entries; nothing else is kept of it.

create table pgsteward.governance_entry (
  id           bigint generated always as identity primary key,
  kind         text not null,
  -- within the kind: CHG-12
  number       int not null,
  -- 0 opens the record
  seq          int not null,
  -- of the opening entry, where the record is about a target
  target_id    int references pgsteward.target,
  at           timestamptz not null,
  actor        text not null,
  action       text not null,
  body         jsonb not null,
  -- of the opening entry: what it comes from, so that it is opened once
  origin       text,
  unique (kind, number, seq),
  check (seq >= 0 and number > 0),
  check (seq = 0 or (origin is null and target_id is null))
);
create unique index on pgsteward.governance_entry (kind, origin) where origin is not null;
create index on pgsteward.governance_entry (at);

create or replace function pgsteward.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % is refused', tg_table_name, tg_op using errcode = 'restrict_violation';
end
$$;
create trigger entry_is_append_only before update or delete or truncate on pgsteward.governance_entry
  for each statement execute function pgsteward.refuse_change();
-- Triggers do not fire under session_replication_role = replica unless they always do.
alter table pgsteward.governance_entry enable always trigger entry_is_append_only;
alter table pgsteward.decision enable always trigger decision_is_append_only;

-- The permission is taken from the owner too: a superuser is stopped by the trigger alone.
do $$
begin
  execute format('revoke update, delete, truncate on pgsteward.governance_entry, pgsteward.decision from public, %I', current_user);
end
$$;
