create temp view size as select current_setting('advice_case.rows')::bigint as n, timestamptz '2026-09-15 06:00:00+00' as now;
insert into depot select i, 'D' || lpad(i::text, 3, '0'), 'Depot ' || i, (array['north','south','east','west'])[1 + i % 4] from generate_series(1, 40) i;
insert into "Customer" select md5('customer' || i)::uuid, 'A' || lpad(i::text, 7, '0'), 'Company ' || i, (array['basic','basic','plus','key'])[pg_temp.among(i, 1, 4)],
    now - pg_temp.share(i, 2) * interval '1500 days', case when pg_temp.share(i, 3) < 0.04 then now - interval '9 days' end from size, generate_series(1, n / 20) i;
insert into "Address" select md5('address' || i)::uuid, md5('customer' || pg_temp.skewed(i, 10, n / 20))::uuid, (array['PICKUP','DELIVERY','DELIVERY','DELIVERY','BILLING'])[pg_temp.among(i, 11, 5)]::"AddressKind",
    pg_temp.among(i, 12, 300) || ' ' || (array['Mill Lane','High Street','Station Road','Church Way','Harbour Row'])[pg_temp.among(i, 13, 5)], 'Town ' || pg_temp.among(i, 14, 400),
    (array['SW','SE','NW','E','EC','W','WC','BR','CR','BN','BS','CB','CF','CH','CV','DE','DN','EH','EX','G','GL','HU','IP','KT','L','LE','LS','M','NE','NG','NR','OX','PE','PL','RG','S','SO','TN','WF','YO'])[pg_temp.among(i, 15, 40)]
      || pg_temp.among(i, 16, 60) || chr(64 + pg_temp.among(i, 17, 8)::int) || ' ' || pg_temp.among(i, 18, 9) || chr(64 + pg_temp.among(i, 19, 26)::int) || 'X',
    'GB', case when pg_temp.share(i, 20) < 0.1 then now - interval '30 days' end from size, generate_series(1, n / 4) i;
insert into "Tariff" select i, case when pg_temp.share(i, 30) >= 0.03 then md5('customer' || pg_temp.skewed(i, 31, n / 20))::uuid end,
    (array['ECONOMY','STANDARD','EXPRESS','SAMEDAY'])[pg_temp.among(i, 32, 4)]::"ServiceLevel", pg_temp.among(i, 33, 12), d, d + 89 + pg_temp.among(i, 34, 90)::int, 100 * pg_temp.among(i, 35, 90)
  from (select i, n, date '2025-01-01' + pg_temp.among(i, 36, 620)::int as d from size, generate_series(1, n / 4) i) x;
insert into parcel select i, 'JD' || lpad(i::text, 9, '0') || 'GB', md5('customer' || pg_temp.skewed(i, 40, n / 20))::uuid, case when pg_temp.share(i, 41) < 0.4 then md5('customer' || pg_temp.skewed(i, 42, n / 20))::uuid end,
    (array['ECONOMY','STANDARD','STANDARD','EXPRESS','SAMEDAY'])[pg_temp.among(i, 43, 5)]::"ServiceLevel",
    (case when done < now then (case when pg_temp.share(i, 44) < 0.96 then 'delivered' else 'returned' end) when s >= 0.985 and made < now - interval '9 days' then 'lost'
      else (array['announced','accepted','in_transit','at_depot','out_for_delivery'])[pg_temp.among(i, 45, 5)] end)::parcel_status,
    least(done, made + interval '20 hours', now), pg_temp.skewed(i, 46, 40), pg_temp.among(i, 47, 30000), 'ORD-' || pg_temp.among(i, 48, n / 3), made::date + pg_temp.among(i, 49, 4)::int, made, case when done < now then done end
  from (select i, n, now, s, made, case when s < 0.985 then made + (0.5 + 3 * pg_temp.share(i, 50)) * interval '1 day' end as done
    from (select i, n, now, pg_temp.share(i, 51) as s, now - interval '120 days' * (1 - i::float8 * 2 / n) as made from size, generate_series(1, n / 2) i) y) x;
insert into scan_event (parcel_id, kind, depot_id, device_id, note, at)
  select id, (case j when 1 then 'accept' when 3 then (case when delivered_at is null then 'load' else 'deliver' end) else (case when s < 0.04 then 'exception' when s < 0.15 then 'attempt' else 'sort' end) end)::scan_kind,
    pg_temp.skewed(id * 3 + j, 60, 40), md5('handheld' || pg_temp.among(id * 3 + j, 61, n / 20))::uuid, case when j = 2 and s < 0.04 then 'damaged label ' || id end, at
  from (select p.*, j, n, now, pg_temp.share(id, 62) as s, created_at + coalesce(delivered_at - created_at, interval '60 hours') * (array[0.02, 0.6, 1])[j] as at from size, parcel p, generate_series(1, 3) j) x
  where at <= now order by at, id;
insert into "Route" select md5('route' || i)::uuid, 1 + i % 40, 1 + i % 300, now::date - (i / 300)::int, 'V-' || pg_temp.among(i, 70, 400), case when i >= 300 then now - i / 300 * interval '1 day' end
  from size, generate_series(n / 12 - 1, 0, -1) i;
insert into route_stop select md5('route' || i)::uuid, position, pg_temp.among(i * 9 + position, 71, n / 2), (case when i < 300 then 'planned' when pg_temp.share(i * 9 + position, 72) < 0.004 then 'planned' when pg_temp.share(i * 9 + position, 72) < 0.06 then 'failed' else 'done' end)::stop_state,
    at, case when i >= 300 then at + interval '7 minutes' end
  from (select i, position, n, now - i / 300 * interval '1 day' + position * interval '20 minutes' as at from size, generate_series(n / 12 - 1, 0, -1) i, generate_series(1, 9) position) x;
insert into claim select i, pg_temp.among(i, 80, n / 2), md5('customer' || pg_temp.skewed(i, 81, n / 20))::uuid, (case when s >= 0.05 then (array['paid','refused'])[pg_temp.among(i, 82, 2)] else (array['new','waiting'])[pg_temp.among(i, 83, 2)] end)::claim_state,
    (array['lost','damaged','late'])[pg_temp.among(i, 84, 3)] || ' on the way, as the recipient says', 100 * pg_temp.among(i, 85, 500), jsonb_build_object('photos', pg_temp.among(i, 86, 5), 'weight', pg_temp.among(i, 87, 900)),
    at, case when s >= 0.05 then at + interval '6 days' end, pg_temp.among(i, 88, 25)
  from (select i, n, pg_temp.share(i, 89) as s, now - interval '110 days' * (1 - i::float8 * 8 / n) as at from size, generate_series(1, n / 8) i) x;
insert into "Invoice" select md5('invoice' || i)::uuid, 'INV-' || lpad(i::text, 8, '0'), md5('customer' || pg_temp.skewed(i, 90, n / 20))::uuid,
    (case when s < 0.03 then 'VOID' when s < 0.05 then 'DRAFT' when s < 0.08 or issued > date '2026-08-25' then 'OPEN' else 'PAID' end)::"InvoiceStatus", issued, issued + 30, 100 * pg_temp.among(i, 91, 9000),
    case when s >= 0.08 and issued <= date '2026-08-25' then issued + interval '20 days' end
  from (select i, n, pg_temp.share(i, 92) as s, date '2026-09-14' - (400 * (1 - i::float8 * 8 / n))::int as issued from size, generate_series(1, n / 8) i) x;
insert into "InvoiceLine" select md5('invoice' || 1 + i / 8)::uuid, 1 + i % 8, case when i % 10 > 0 then pg_temp.among(i, 100, n / 2) end, 'Carriage, zone ' || pg_temp.among(i, 101, 12), pg_temp.among(i, 102, 9000) from size, generate_series(0, n - 1) i;
insert into outbox (topic, parcel_id, payload, attempts, created_at, published_at) select (array['parcel.status','parcel.scanned','claim.opened'])[pg_temp.among(i, 110, 3)], pg_temp.among(i, 111, n / 2),
    jsonb_build_object('event', i, 'status', 'in_transit', 'hub', 'D' || pg_temp.among(i, 112, 40)), 1, at, case when pg_temp.share(i, 113) < 0.9998 and at < now - interval '3 minutes' then at + interval '2 seconds' end
  from (select i, n, now, now - interval '4 days' * (1 - i::float8 * 2 / n) as at from size, generate_series(1, n / 2) i) x;
insert into "WebhookDelivery" select md5('hook' || i)::uuid, md5('customer' || pg_temp.skewed(i, 120, n / 20))::uuid, pg_temp.among(i, 121, n / 2), (case when s < 0.012 then 'RETRY' when s < 0.018 then 'PENDING' when s < 0.03 then 'DEAD' else 'SENT' end)::"HookStatus",
    pg_temp.among(i, 122, 5), case when s >= 0.018 then 200 end, at + pg_temp.share(i, 123) * interval '6 hours', jsonb_build_object('type', 'parcel.status', 'parcel', pg_temp.among(i, 124, n / 2), 'status', 'delivered'), at
  from (select i, n, pg_temp.share(i, 125) as s, now - interval '30 days' * (1 - i::float8 * 3 / n) as at from size, generate_series(1, n / 3) i) x;
insert into capacity_slot select d, date '2026-09-01' + day, slot, 40, least(40, 20 + pg_temp.among(d * 100000 + day * 10 + slot, 130, 26)) from size, generate_series(1, 40) d, generate_series(0, (n / 2000)::int) day, generate_series(1, 10) slot order by day, d, slot;
insert into "Handheld" select md5('handheld' || i)::uuid, 'HH-' || lpad(i::text, 6, '0'), pg_temp.skewed(i, 140, 40), case when pg_temp.share(i, 141) < 0.6 then pg_temp.among(i, 142, 300) end, '4.' || pg_temp.among(i, 143, 9), pg_temp.among(i, 144, 100),
    now - pg_temp.share(i, 145) * interval '20 hours' from size, generate_series(1, n / 20) i;
