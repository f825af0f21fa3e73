create temp view size as select current_setting('advice_case.rows')::bigint as n, timestamptz '2026-03-01 00:00:00+00' as now;
insert into "User" select i, 'user' || i || '@mail' || i % 7 || '.example', (array['Sunny','Rusty','Lucky','Misty','Dusty'])[1 + i % 5] || '_' || upper(substr(md5(i::text), 1, 5)) || i,
    'Name ' || i, repeat('buys and sells with care ', pg_temp.among(i, 1, 12)::int), pg_temp.share(i, 2) < 0.01, now - pg_temp.share(i, 3) * interval '1500 days'
  from size, generate_series(1, n / 10) i;
insert into "Category" select i, case when i > 12 then 1 + i % 12 end, 'category-' || i, 'Category ' || i, i from generate_series(1, 96) i;
insert into "Listing" select i, pg_temp.skewed(i, 10, n / 10), pg_temp.skewed(i, 11, 96),
    (array['Amber','Birch','Comet','Delta','Ember','Fjord','Kestrel','Linden','Orbit','Pixel'])[pg_temp.among(i, 12, 10)] || ' ' ||
    (array['bike','tent','sofa','lamp','camera','guitar','amplifier','jacket','drill','stroller','desk','kayak'])[pg_temp.among(i, 13, 12)] || ' ' || pg_temp.among(i, 14, 5000),
    repeat('hardly used, to be collected ', pg_temp.among(i, 15, 10)::int), pg_temp.skewed(i, 16, 200000) / 100.0,
    case when s < 0.55 then 'ACTIVE' when s < 0.85 then 'SOLD' when s < 0.95 then 'EXPIRED' else 'DRAFT' end::"ListingStatus",
    jsonb_build_object('brand', 'Brand' || pg_temp.among(i, 17, 400), 'colour', (array['red','blue','green','black','white','grey','brown','pink'])[pg_temp.among(i, 18, 8)],
      'year', 2000 + pg_temp.among(i, 19, 25)) || case when pg_temp.share(i, 20) < 0.3 then jsonb_build_object('serial', 'SN-' || upper(substr(md5('l' || i), 1, 12))) else '{}' end,
    array['tag' || pg_temp.among(i, 21, 600), 'tag' || pg_temp.among(i, 22, 600), 'tag' || pg_temp.among(i, 23, 600)], case when pg_temp.share(i, 24) < 0.8 then 100 * pg_temp.share(i, 25) end,
    pg_temp.skewed(i, 26, 5000), pg_temp.skewed(i, 27, 60), t, t + pg_temp.share(i, 28) * (now - t),
    case when s < 0.003 then now - pg_temp.share(i, 29) * interval '1 hour' when s < 0.55 then now + pg_temp.share(i, 30) * interval '60 days' else t + interval '60 days' end,
    case when pg_temp.share(i, 31) < 0.15 then now - pg_temp.share(i, 32) * (now - t) end
  from (select i, n, now at time zone 'UTC' as now, pg_temp.share(i, 33) as s, (now at time zone 'UTC') - interval '400 days' * (1 - i::float8 * 3 / n) as t from size, generate_series(1, n / 3) i) x;
insert into "_CategoryToListing" select pg_temp.among(i, 40, 96), pg_temp.among(i, 41, n / 3) from size, generate_series(1, n / 4) i on conflict do nothing;
insert into "Photo" select i, 1 + (i - 1) / 3, (i - 1) % 3, 'https://img.example/' || md5('p' || i) || '.jpg' from size, generate_series(1, n / 3 * 3) i;
insert into "Offer" select i, pg_temp.skewed(i, 50, n / 3), pg_temp.among(i, 51, n / 10), pg_temp.skewed(i, 52, 100000) / 100.0,
    case when pg_temp.share(i, 53) < 0.3 then 'PENDING' when pg_temp.share(i, 53) < 0.5 then 'ACCEPTED' else 'DECLINED' end, repeat('would you take this? ', pg_temp.among(i, 54, 5)::int),
    (now at time zone 'UTC') - interval '300 days' * (1 - i::float8 * 2 / n) from size, generate_series(1, n / 2) i;
insert into "Review" select i, pg_temp.among(i, 60, n / 3), pg_temp.among(i, 61, n / 10), pg_temp.skewed(i, 62, n / 10), pg_temp.among(i, 63, 5), repeat('as described, quick to answer ', pg_temp.among(i, 64, 8)::int),
    (now at time zone 'UTC') - interval '500 days' * (1 - i::float8 * 4 / n), case when pg_temp.share(i, 65) < 0.04 then now at time zone 'UTC' end
  from size, generate_series(1, n / 4) i on conflict do nothing;
insert into "Session" select 'c' || md5('i' || i), md5('t' || i), pg_temp.among(i, 70, n / 10), (now at time zone 'UTC') + (pg_temp.share(i, 71) * 30 - 0.3) * interval '1 day' from size, generate_series(1, n / 8) i;
insert into "SavedSearch" select i, pg_temp.among(i, 80, n / 10), 'Search ' || i, jsonb_build_object('category', pg_temp.among(i, 81, 96), 'max', pg_temp.among(i, 82, 900), 'text', repeat('cheap and near ', 6)),
    pg_temp.share(i, 83) < 0.8, (now at time zone 'UTC') + (pg_temp.share(i, 84) - 0.02) * interval '1 day' from size, generate_series(1, n / 5) i;
insert into follow select pg_temp.among(i, 90, n / 10), pg_temp.skewed(i, 91, n / 10), now - interval '600 days' * (1 - i::float8 * 2 / n) from size, generate_series(1, n / 2) i on conflict do nothing;
insert into favourite select pg_temp.among(i, 100, n / 10), pg_temp.skewed(i, 101, n / 3), now - interval '300 days' * (1 - i::float8 / n) from size, generate_series(1, n) i on conflict do nothing;
insert into participant select i, case side when 0 then 1 + i % (n / 10) else pg_temp.skewed(i, 111, n / 10) end, now - power(pg_temp.share(i, 112 + side), 4) * interval '100 days', pg_temp.share(i, 114 + side) < 0.1
  from size, generate_series(1, n / 6) i, generate_series(0, 1) side order by i, side on conflict do nothing;
insert into message (conversation_id, sender_id, body, created_at) select c, pg_temp.among(i, 120, n / 10), repeat('is it still there? ', pg_temp.among(i, 121, 6)::int) || 'word' || pg_temp.among(i, 122, 20000),
    now - interval '300 days' * (1 - i::float8 / n) from (select i, n, now, pg_temp.skewed(i, 123, n / 6) as c from size, generate_series(1, n) i) x;
insert into report select i, pg_temp.among(i, 130, n / 10), (array['listing','listing','user'])[pg_temp.among(i, 131, 3)], pg_temp.among(i, 132, n / 10), case when pg_temp.share(i, 133) < 0.04 then 'open' when pg_temp.share(i, 133) < 0.4 then 'dismissed' else 'upheld' end,
    pg_temp.among(i, 134, 5), repeat('looks like a fraud to me ', pg_temp.among(i, 135, 15)::int), now - interval '200 days' * (1 - i::float8 * 10 / n) from size, generate_series(1, n / 10) i;
insert into payout select i, pg_temp.skewed(i, 140, n / 10), 'po_' || md5('y' || i), pg_temp.among(i, 141, 90000) / 100.0, (array['EUR','EUR','GBP','PLN'])[pg_temp.among(i, 142, 4)], pg_temp.share(i, 143) < 0.96,
    pg_temp.share(i, 144) < 0.02, t, case when pg_temp.share(i, 143) < 0.96 then t + interval '2 days' end from (select i, n, now - interval '500 days' * (1 - i::float8 * 5 / n) as t from size, generate_series(1, n / 5) i) x;
