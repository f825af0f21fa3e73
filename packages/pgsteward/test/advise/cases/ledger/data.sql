create temp view size as select current_setting('advice_case.rows')::bigint as n, timestamptz '2026-03-01 00:00:00+00' as now;
insert into country select 'C' || i, 'Country ' || i from generate_series(1, 60) i;
insert into customer select i, 'C' || pg_temp.skewed(i, 1, 60),
    (array['Anouk','Basil','Cem','Dunja','Enno','Fenja','Gero','Hauke','Inka','Jorin'])[pg_temp.among(i, 2, 10)] || ' ' || (array['van','de','al','zu'])[pg_temp.among(i, 3, 4)] || ' ' || 'Family' || pg_temp.among(i, 4, 3000),
    'User.' || i || '@Post' || i % 5 || '.example', case when pg_temp.share(i, 5) < 0.01 then 'waiting' when pg_temp.share(i, 5) < 0.03 then 'refused' else 'done' end, now - pg_temp.share(i, 6) * interval '2000 days'
  from size, generate_series(1, n / 10) i;
insert into account select i, pg_temp.among(i, 10, n / 10 - 50), 'XX' || lpad(i::text, 18, '0'), (array['EUR','EUR','EUR','USD','CHF'])[pg_temp.among(i, 11, 5)],
    (array['current','savings'])[pg_temp.among(i, 12, 2)], pg_temp.among(i, 13, 1000000) / 100.0, pg_temp.among(i, 14, 900), now - pg_temp.share(i, 15) * interval '1800 days',
    case when pg_temp.share(i, 16) < 0.1 then now - interval '3 days' end from size, generate_series(1, n / 8) i;
insert into transfer select i, pg_temp.skewed(i, 20, n / 8), pg_temp.among(i, 21, n / 8), 'key-' || md5(i::text), (array['rent','salary','invoice','gift','refund','order'])[pg_temp.among(i, 22, 6)] || ' ' || pg_temp.among(i, 23, 90000),
    pg_temp.among(i, 24, 500000) / 100.0, case when s < 0.93 then 'settled' when s < 0.95 then 'pending' when s < 0.99 then 'rejected' else 'review' end,
    jsonb_build_object('channel', (array['app','web','api'])[pg_temp.among(i, 25, 3)], 'invoice', 'INV-' || pg_temp.among(i, 26, n / 3)) || case when pg_temp.share(i, 27) < 0.002 then '{"rule": "velocity"}'::jsonb else '{}' end,
    now - interval '500 days' * (1 - i::float8 * 2 / n), case when s < 0.93 then now - interval '500 days' * (1 - i::float8 * 2 / n) + interval '1 hour' end
  from (select i, n, now, pg_temp.share(i, 28) as s from size, generate_series(1, n / 2) i) x;
insert into entry select 2 * t.id + side, t.id, case side when 0 then t.from_account else t.to_account end, case side when 0 then -t.amount else t.amount end,
    pg_temp.among(t.id, 30 + side, 100000), t.requested_at::date, t.requested_at + interval '1 minute' from transfer t, generate_series(0, 1) side order by t.id, side;
insert into hold select i, pg_temp.among(i, 40, n / 8), pg_temp.among(i, 41, 30000) / 100.0, t + interval '7 days', case when pg_temp.share(i, 42) < 0.94 then t + interval '2 days' end, t
  from (select i, n, now - interval '200 days' * (1 - i::float8 * 5 / n) as t from size, generate_series(1, n / 5) i) x;
insert into card select i, pg_temp.among(i, 50, n / 8), decode(md5('p' || i), 'hex'), (array['active','active','active','blocked'])[pg_temp.among(i, 51, 4)], date '2026-03-01' + pg_temp.among(i, 52, 1400)::int from size, generate_series(1, n / 8) i;
insert into payee select i, pg_temp.among(i, 60, n / 10 - 50), 'YY' || pg_temp.among(i, 61, 9000000), (array['Landlord','Power','Water','Club','Shop'])[pg_temp.among(i, 62, 5)] || ' ' || pg_temp.among(i, 63, 900) from size, generate_series(1, n / 4) i;
insert into login (customer_id, ip, ok, at) select pg_temp.among(i, 70, n / 10 - 50), ('10.' || pg_temp.skewed(i, 71, 200) || '.' || pg_temp.among(i, 72, 200) || '.7')::inet, pg_temp.share(i, 73) < 0.95, now - interval '90 days' * (1 - i::float8 * 3 / n) from size, generate_series(1, n / 3) i;
insert into fx_rate select p, now - h * interval '1 hour', 1 + pg_temp.share(h, 80) from unnest(array['EURUSD','EURCHF','USDCHF','EURGBP']) p, size, generate_series(1, 2000) h;
insert into statement_file select i, 1 + i / 6, daterange(date '2025-09-01' + (i % 6)::int * 30, date '2025-09-01' + (i % 6 + 1)::int * 30), decode(md5('s' || i), 'hex') from size, generate_series(1, n / 8 * 6 - 6) i;
insert into audit (actor, table_name, row_id, change, at) select pg_temp.among(i, 90, 200), (array['account','transfer','card','customer'])[pg_temp.among(i, 91, 4)], pg_temp.among(i, 92, n), '{"by": "job"}', now - interval '30 days' * (1 - i::float8 / n) from size, generate_series(1, n) i;
