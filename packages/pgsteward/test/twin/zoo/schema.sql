-- A zoo of hard schemas: every kind of object that a planner twin has to rebuild, with data that makes each matter to some plan.
-- Statements end at the end of a line.

create extension if not exists pg_trgm;
create extension if not exists citext;
create extension if not exists btree_gin;
create extension if not exists btree_gist;
create extension if not exists hstore;
create extension if not exists ltree;
create extension if not exists "uuid-ossp";
create schema "Weird Schéma";
create schema sales;
create type sales.state as enum ('new', 'paid', 'shipped', 'lost');
create domain sales.email as citext check (value ~ '@');
create domain sales.positive as integer check (value > 0);
create type sales.address as (street text, zip varchar(10));
create type sales.price_range as range (subtype = numeric);
create function sales.norm(t text) returns text language sql immutable strict parallel safe as $$ select lower(trim(t)) $$;
create function sales.tax(n numeric) returns numeric language plpgsql immutable as $$ begin return n * 1.19; end $$;
create function sales.is_big(n numeric) returns boolean language sql stable as $$ select n > 900 $$;
create collation sales.cs (provider = libc, locale = 'C');
create table sales.customer (
  id bigint generated always as identity primary key,
  mail sales.email not null unique,
  name text not null,
  code text collate "C",
  home sales.address,
  tags text[] not null default '{}',
  attrs jsonb not null default '{}',
  kv hstore,
  path ltree,
  born date,
  seen tstzrange,
  ip inet,
  score double precision,
  level sales.positive,
  doc tsvector generated always as (to_tsvector('simple', name)) stored,
  is_active boolean not null default true,
  deleted_at timestamptz
);
create table sales.orders (
  id bigserial primary key,
  customer_id bigint not null references sales.customer,
  state sales.state not null default 'new',
  total numeric(12,2) not null,
  gross numeric generated always as (total * 1.19) stored,
  city text not null,
  country text not null,
  note text,
  placed_at timestamptz not null default now()
) with (parallel_workers = 2);
alter table sales.orders add column gone integer;
alter table sales.orders drop column note;
alter table sales.orders add column remark varchar(200);
create table sales.event (
  id bigint not null, tenant integer not null, kind text not null, at timestamptz not null, payload jsonb
) partition by range (at);
create table sales.event_2025 partition of sales.event for values from ('2025-01-01') to ('2026-01-01') partition by list (tenant);
create table sales.event_2025_a partition of sales.event_2025 for values in (1,2,3,4,5);
create table sales.event_2025_b partition of sales.event_2025 default;
create table sales.event_2026 partition of sales.event for values from ('2026-01-01') to ('2027-01-01');
create table sales.event_rest partition of sales.event default;
alter table sales.event add primary key (id, at, tenant);
create index on sales.event (tenant, at desc);
create table sales.hashed (k bigint not null, v text, w integer) partition by hash (k);
create table sales.hashed_0 partition of sales.hashed for values with (modulus 3, remainder 0);
create table sales.hashed_1 partition of sales.hashed for values with (modulus 3, remainder 1);
create table sales.hashed_2 partition of sales.hashed for values with (modulus 3, remainder 2);
create index on sales.hashed (k);
create table sales.animal (id int primary key, name text, legs int);
create table sales.dog (breed text) inherits (sales.animal);
create table "Weird Schéma"."Tä ble" ("Spal""te" integer primary key, "select" text not null, "größe" numeric);
create table sales.room (room int, during tsrange, exclude using gist (room with =, during with &&));
create table sales.point_of_sale (id int primary key, at point, box box);
create unlogged table sales.scratch (a int, b int);
create table sales.empty (a int primary key, b text);
create table sales.tiny (a int primary key, b text);
create table sales.never_analysed (a int, b text);
insert into sales.customer (mail, name, code, home, tags, attrs, kv, path, born, seen, ip, score, level, is_active, deleted_at)
select 'User' || i || '@example.org', (array['Anna','Bert','Çelik','Dörte','Émile'])[1 + i % 5] || ' ' || md5(i::text), upper(substr(md5((i*7)::text),1,6)),
  row('Street ' || i % 100, (10000 + i % 900)::text)::sales.address, array['t' || i % 7, 't' || i % 31, 'x' || i % 400],
  jsonb_build_object('plan', (array['free','pro','team'])[1 + (i % 10) / 5 + (i % 10) / 9], 'n', i % 50), hstore('a', (i % 9)::text), ('top.a' || i % 10 || '.b' || i % 100)::ltree,
  date '1950-01-01' + (i * 7919 % 20000), tstzrange(timestamptz '2025-01-01 UTC' + (i % 300) * interval '1 day', timestamptz '2025-01-01 UTC' + (i % 300 + i % 17) * interval '1 day'),
  ('10.' || i % 200 || '.' || i % 13 || '.7')::inet, sin(i), 1 + i % 12, i % 10 <> 0, case when i % 50 = 0 then timestamptz '2026-01-01 UTC' end
 from generate_series(1, 20000) i;
insert into sales.orders (customer_id, state, total, city, country, placed_at, remark)
select 1 + (i * 104729::bigint) % 20000, (case when i % 100 = 0 then 'lost' when i % 10 = 0 then 'new' when i % 3 = 0 then 'paid' else 'shipped' end)::sales.state,
  (i * 31 % 100000) / 100.0, 'city' || i % 40, 'country' || (i % 40) / 8, timestamptz '2025-01-01 UTC' + i * interval '5 minutes', case when i % 4 = 0 then 'r' || i % 1000 end
 from generate_series(1, 120000) i;
insert into sales.event select i, i % 9, 'k' || i % 13, timestamptz '2024-11-01 UTC' + i * interval '10 minutes', jsonb_build_object('i', i % 77) from generate_series(1, 90000) i;
insert into sales.hashed select i, md5(i::text), i % 100 from generate_series(1, 60000) i;
insert into sales.animal select i, 'animal ' || i, i % 5 from generate_series(1, 5000) i;
insert into sales.dog select i, 'dog ' || i, 4, 'breed ' || i % 20 from generate_series(5001, 15000) i;
insert into "Weird Schéma"."Tä ble" select i, 'wert ' || i % 300, i / 7.0 from generate_series(1, 8000) i;
insert into sales.room select i % 50, tsrange(timestamp '2026-01-01' + i * interval '1 hour', timestamp '2026-01-01' + i * interval '1 hour' + interval '30 min') from generate_series(1, 2000) i;
insert into sales.point_of_sale select i, point(i % 100, i / 100), box(point(i % 100, i / 100), point(i % 100 + 1, i / 100 + 1)) from generate_series(1, 10000) i;
insert into sales.scratch select i, i % 3 from generate_series(1, 3000) i;
insert into sales.tiny select i, 'tiny' from generate_series(1, 20) i;
insert into sales.never_analysed select i, 'n' || i from generate_series(1, 4000) i;
create index on sales.customer (lower(name));
create index on sales.customer (sales.norm(name), id);
create index on sales.customer (code text_pattern_ops);
create index on sales.customer using gin (tags);
create index on sales.customer using gin (attrs jsonb_path_ops);
create index on sales.customer using gin (name gin_trgm_ops);
create index on sales.customer using gin (doc);
create index on sales.customer using gist (seen);
create index on sales.customer using gist (path);
create index on sales.customer using spgist (ip);
create index on sales.customer ((attrs ->> 'plan'), born) where deleted_at is null;
create index on sales.customer using hash (name);
create index on sales.orders (customer_id, placed_at desc);
create index on sales.orders (state, placed_at) where state <> 'shipped';
create index on sales.orders using brin (placed_at) with (pages_per_range = 16);
create index on sales.orders (city, country) include (total);
create index on sales.orders (placed_at desc nulls last, id);
create index on sales.point_of_sale using gist (at);
create index on sales.dog (breed);
create index on "Weird Schéma"."Tä ble" ("select", "größe" desc);
create statistics sales.geo (ndistinct, dependencies, mcv) on city, country from sales.orders;
create statistics sales.expr (mcv, ndistinct) on (total::integer / 100), state from sales.orders;
create statistics sales.one on (lower(city)) from sales.orders;
create view sales.open_orders as select o.*, c.name as customer_name from sales.orders o join sales.customer c on c.id = o.customer_id where o.state <> 'shipped';
create view sales.barrier with (security_barrier) as select * from sales.orders where sales.is_big(total);
create materialized view sales.per_city as select city, country, count(*) as n, sum(total) as total from sales.orders group by city, country;
create unique index on sales.per_city (city, country);
create aggregate sales.product (numeric) (sfunc = numeric_mul, stype = numeric, initcond = '1');
vacuum analyze sales.customer;
vacuum analyze sales.orders;
analyze sales.event;
analyze sales.hashed;
vacuum sales.event_2026;
vacuum analyze sales.animal;
vacuum analyze sales.dog;
vacuum analyze "Weird Schéma"."Tä ble";
vacuum analyze sales.room;
vacuum analyze sales.point_of_sale;
analyze sales.scratch;
analyze sales.tiny;
analyze sales.per_city;
analyze sales.empty;
checkpoint;
