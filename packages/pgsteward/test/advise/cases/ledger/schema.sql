-- A bank's ledger: customers, accounts, transfers with two entries each, holds, cards, logins, an audit trail.
create extension pg_trgm;
create table country (code text primary key, name text not null);
create table customer (id bigint primary key, country text not null references country, full_name text not null, email text not null, kyc_state text not null,
  created_at timestamptz not null);
create table account (id bigint primary key, customer_id bigint not null references customer, iban text not null unique, currency text not null,
  kind text not null, balance numeric(18, 2) not null, version int not null, opened_at timestamptz not null, closed_at timestamptz) with (fillfactor = 80);
create table transfer (id bigint primary key, from_account bigint not null references account, to_account bigint not null references account,
  idempotency_key text not null, reference text not null, amount numeric(18, 2) not null, state text not null, details jsonb not null,
  requested_at timestamptz not null, settled_at timestamptz);
create table entry (id bigint primary key, transfer_id bigint not null references transfer, account_id bigint not null references account,
  amount numeric(18, 2) not null, balance_after numeric(18, 2) not null, booked_on date not null, created_at timestamptz not null);
create table hold (id bigint primary key, account_id bigint not null references account, amount numeric(18, 2) not null, expires_at timestamptz not null,
  released_at timestamptz, created_at timestamptz not null);
create table card (id bigint primary key, account_id bigint not null references account, pan_hash bytea not null, state text not null, expires_on date not null);
create table payee (id bigint primary key, customer_id bigint not null references customer on delete cascade, iban text not null, label text not null);
create table login (id bigint generated always as identity primary key, customer_id bigint not null, ip inet not null, ok boolean not null, at timestamptz not null);
create table fx_rate (pair text not null, at timestamptz not null, rate numeric(12, 6) not null, primary key (pair, at));
create table statement_file (id bigint primary key, account_id bigint not null references account, period daterange not null, sha256 bytea not null);
create table audit (id bigint generated always as identity primary key, actor bigint not null, table_name text not null, row_id bigint not null,
  change jsonb not null, at timestamptz not null);
create view movement as
  select account_id, created_at as at, amount, 'entry' as kind from entry
  union all
  select account_id, created_at, -amount, 'hold' from hold where released_at is null;
