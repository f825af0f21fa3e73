-- Who may use the API beside the admin token, who is signed in, and what was asked of it.

create table pgsteward.access_token (
  id           bigint generated always as identity primary key,
  -- who acts, in records and in the audit log
  name         text not null,
  role         text not null check (role in ('viewer', 'operator', 'admin')),
  -- null: all
  targets      text[],
  -- SHA-256 of 256 random bits: nothing to guess, so nothing to slow down
  hash         bytea not null unique check (pg_catalog.length(hash) = 32),
  created_at   timestamptz not null,
  created_by   text not null,
  expires_at   timestamptz,
  last_used_at timestamptz,
  revoked_at   timestamptz,
  revoked_by   text
);
create unique index access_token_live_name on pgsteward.access_token (name) where revoked_at is null;

create table pgsteward.access_session (
  id           bigint generated always as identity primary key,
  hash         bytea not null unique check (pg_catalog.length(hash) = 32),
  -- null: the admin token
  token_id     bigint references pgsteward.access_token,
  -- of the token it began with: another admin token ends the sessions of the one before
  token_hash   bytea not null,
  created_at   timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at   timestamptz not null,
  ended_at     timestamptz,
  address      text not null,
  agent        text not null
);

create table pgsteward.audit_entry (
  id       bigint generated always as identity primary key,
  at       timestamptz not null,
  actor    text,
  role     text,
  known_by text,
  address  text not null,
  action   text not null,
  path     text not null,
  target   text,
  status   int not null,
  because  text
);
create index on pgsteward.audit_entry (at);

create trigger audit_is_append_only before update or truncate on pgsteward.audit_entry
  for each statement execute function pgsteward.refuse_change();
alter table pgsteward.audit_entry enable always trigger audit_is_append_only;

-- Retention may delete, and only what is a quarter of a year old by the server's own clock, whatever it is told.
create function pgsteward.refuse_early_delete() returns trigger language plpgsql as $$
begin
  if old.at > pg_catalog.now() - interval '90 days' then
    raise exception '% is append-only: nothing younger than 90 days is deleted', tg_table_name using errcode = 'restrict_violation';
  end if;
  return old;
end
$$;
create trigger audit_is_kept before delete on pgsteward.audit_entry
  for each row execute function pgsteward.refuse_early_delete();
alter table pgsteward.audit_entry enable always trigger audit_is_kept;

do $$
begin
  execute format('revoke update, truncate on pgsteward.audit_entry from public, %I', current_user);
end
$$;
