create temp view size as select current_setting('advice_case.rows')::bigint as n, timestamptz '2026-03-01 00:00:00+00' as now;
insert into site select i, 'Site ' || i, (array['north','south'])[1 + i % 2] from generate_series(1, 30) i;
insert into rule select i, 1 + i % 30, (array['temp','volt','flow'])[1 + i % 3], i, i % 5 <> 0 from generate_series(1, 200) i;
insert into device select i, pg_temp.skewed(i, 1, 30), 'SN-' || upper(substr(md5(i::text), 1, 10)), 'model ' || pg_temp.among(i, 2, 12),
    case when pg_temp.share(i, 3) < 0.9 then 'active' when pg_temp.share(i, 3) < 0.97 then 'spare' else 'broken' end,
    array['zone' || pg_temp.among(i, 4, 400), 'line' || pg_temp.among(i, 5, 60)],
    jsonb_build_object('gateway', 'gw-' || pg_temp.among(i, 6, 900), 'interval', 5 * pg_temp.among(i, 7, 12), 'mode', (array['a','b'])[pg_temp.among(i, 8, 2)]),
    '1.' || pg_temp.among(i, 9, 9), case when pg_temp.share(i, 10) < 0.4 then pg_temp.among(i, 11, 100) end, now - pg_temp.share(i, 12) * interval '2 hours'
  from size, generate_series(1, n / 15) i;
insert into reading (device_id, metric, at, value, quality)
  select pg_temp.among(i, 20, n / 150), (array['temp','volt','flow'])[pg_temp.among(i, 21, 3)], now - interval '180 days' * (1 - i::float8 / (n * 1.5)),
    pg_temp.share(i, 22) * 100, pg_temp.among(i, 23, 100) from size, generate_series(1, (n * 1.5)::bigint - 1) i;
insert into rollup_hour select d, m, now - h * interval '1 hour', pg_temp.share(d * h, 30), 50 + pg_temp.share(d * h, 31) * 50, 30, pg_temp.among(d * h, 32, 60)
  from size, generate_series(1, n / 600) d, unnest(array['temp','volt','flow']) m, generate_series(1, 100) h order by h desc, d, m;
insert into alert select i, pg_temp.skewed(i, 40, n / 15), pg_temp.among(i, 41, 200), (array['info','warning','critical'])[pg_temp.among(i, 42, 3)], repeat('threshold passed ', 4),
    now - interval '300 days' * (1 - i::float8 * 5 / n), case when pg_temp.share(i, 43) < 0.97 then now - interval '299 days' * (1 - i::float8 * 5 / n) end,
    case when pg_temp.share(i, 44) < 0.8 then pg_temp.among(i, 45, 50) end from size, generate_series(1, n / 5) i;
insert into command select i, pg_temp.among(i, 50, n / 15), case when s < 0.015 then 'queued' when s < 0.02 then 'sent' when s < 0.04 then 'failed' else 'done' end,
    jsonb_build_object('verb', (array['reboot','update','probe'])[pg_temp.among(i, 51, 3)], 'batch', 'B' || pg_temp.among(i, 52, n / 60)), md5('c' || i)::uuid, pg_temp.among(i, 53, 3),
    now - interval '120 days' * (1 - i::float8 * 4 / n) + interval '5 minutes', now - interval '120 days' * (1 - i::float8 * 4 / n)
  from (select i, n, now, pg_temp.share(i, 54) as s from size, generate_series(1, n / 4) i) x;
insert into maintenance select i, pg_temp.among(i, 60, n / 15), tstzrange(t, t + pg_temp.among(i, 62, 9) * interval '1 hour'), 'planned work ' || i % 20
  from (select i, n, now - pg_temp.share(i, 61) * interval '700 days' as t from size, generate_series(1, n / 8) i) x;
insert into ingest_log (gateway, received_at, bytes, body) select 'gw-' || pg_temp.among(i, 70, 900), now - interval '20 days' * (1 - i::float8 * 2 / n),
    pg_temp.among(i, 71, 4000), jsonb_build_object('frames', pg_temp.among(i, 72, 50), 'ok', true) from size, generate_series(1, n / 2) i;
