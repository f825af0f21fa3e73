create temp view size as select current_setting('advice_case.rows')::bigint as n, timestamptz '2026-03-01 00:00:00+00' as now;
insert into school select i, 'School ' || i, 'school' || i || '.example', case when i % 7 = 0 then 'large' else 'basic' end from generate_series(1, 40) i;
insert into person select i, pg_temp.skewed(i, 1, 40), 'Person' || i || '@Mail' || i % 9 || '.example',
    (array['Alma','Bruno','Cleo','Dag','Edda','Falk','Greta','Hedda','Ivo','Jule'])[pg_temp.among(i, 2, 10)] || ' ' ||
    (array['Ahrend','Bolz','Carstens','Dorn','Ehlers','Fink','Gerlach','Hinz','Iversen','Jahn','Kolb','Lenz','Marx','Nagel','Otto'])[pg_temp.among(i, 3, 15)] || 'son' || i % 700,
    case when pg_temp.share(i, 4) < 0.03 then 'teacher' when pg_temp.share(i, 4) < 0.035 then 'admin' else 'student' end,
    (array['de','en','fr'])[pg_temp.among(i, 5, 3)], now - pg_temp.share(i, 6) * interval '90 days', now - pg_temp.share(i, 7) * interval '1500 days'
  from size, generate_series(1, n / 5) i;
insert into course select i, pg_temp.skewed(i, 10, 40), 'course-' || i, 'Introduction to subject ' || i,
    array['t' || pg_temp.among(i, 11, 300), 't' || pg_temp.among(i, 12, 300)],
    case when pg_temp.share(i, 13) < 0.7 then 'published' when pg_temp.share(i, 13) < 0.9 then 'draft' else 'archived' end,
    case when pg_temp.share(i, 13) < 0.7 then now - pg_temp.share(i, 14) * interval '900 days' end, 100 * pg_temp.among(i, 15, 300),
    daterange((date '2021-01-01' + pg_temp.among(i, 16, 1900)::int), date '2021-01-01' + (pg_temp.among(i, 16, 1900) + pg_temp.among(i, 17, 30))::int)
  from size, generate_series(1, n / 20) i;
insert into lesson select i, 1 + i / 8, i % 8, 'Lesson ' || i, repeat('some text to read ', 6) from size, generate_series(1, n / 20 * 8 - 1) i;
insert into enrolment select distinct on (p, c) p, c, pg_temp.among(i, 22, 100), case when pg_temp.share(i, 23) < 0.6 then 'active' when pg_temp.share(i, 23) < 0.98 then 'done' else 'dropped' end,
    now - pg_temp.share(i, 24) * interval '700 days', case when pg_temp.share(i, 23) >= 0.6 then now - pg_temp.share(i, 25) * interval '300 days' end
  from (select i, n, now, pg_temp.among(i, 20, n / 5) as p, pg_temp.skewed(i, 21, n / 20) as c from size, generate_series(1, n / 2) i) s order by p, c;
insert into lesson_view (person_id, lesson_id, at, seconds, client) select pg_temp.among(i, 30, n / 5), pg_temp.among(i, 31, n / 20 * 8 - 1),
    now - interval '60 days' * (1 - i::float8 / n), pg_temp.among(i, 32, 900), (array['web','ios','android'])[pg_temp.among(i, 33, 3)]
  from size, generate_series(1, n) i;
insert into submission select i, pg_temp.among(i, 40, n / 20 * 8 - 1), pg_temp.among(i, 41, n / 5), case when s < 0.98 then pg_temp.among(i, 42, n / 5) end,
    case when s < 0.98 then 'graded' when s < 0.983 then 'grading' else 'waiting' end,
    jsonb_build_object('choice', pg_temp.among(i, 43, 4), 'ms', pg_temp.among(i, 44, 90000)) || case when pg_temp.share(i, 45) < 0.003 then '{"flag": "plagiarism"}'::jsonb else '{}'::jsonb end,
    case when s < 0.98 then pg_temp.among(i, 46, 100) end, now - interval '400 days' * (1 - i::float8 * 3 / n), case when s < 0.98 then now - interval '399 days' * (1 - i::float8 * 3 / n) end
  from (select i, n, now, pg_temp.share(i, 47) as s from size, generate_series(1, n / 3) i) x;
insert into thread_post (id, course_id, parent_id, author_id, body, likes, deleted_at, created_at) select i, case when p is null then c else pg_temp.skewed(p, 50, n / 20) end, p, pg_temp.among(i, 51, n / 5),
    'how do i ' || (array['solve','read','start','finish','print','share','submit','find'])[pg_temp.among(i, 52, 8)] || ' the ' || 'topic' || pg_temp.among(i, 53, 2500) || ' of part ' || pg_temp.among(i, 54, 90),
    pg_temp.skewed(i, 55, 60) - 1, case when pg_temp.share(i, 56) < 0.05 then now - interval '1 day' end, now - interval '500 days' * (1 - i::float8 * 3 / n)
  from (select i, n, now, pg_temp.skewed(i, 50, n / 20) as c, case when pg_temp.share(i, 57) < 0.7 and i > 100 then pg_temp.among(i, 58, i - 50) end as p from size, generate_series(1, n / 3) i) x;
insert into notice select i, pg_temp.among(i, 60, n / 5), (array['reply','grade','news','reminder'])[pg_temp.among(i, 61, 4)],
    jsonb_build_object('ref', i), case when pg_temp.share(i, 62) < 0.92 then now - interval '1 day' end, now - interval '200 days' * (1 - i::float8 * 2 / n)
  from size, generate_series(1, n / 2) i;
insert into voucher select i, 'Welcome-' || md5(i::text), pg_temp.among(i, 70, n / 20), tstzrange(now - pg_temp.share(i, 71) * interval '300 days', now + pg_temp.share(i, 72) * interval '90 days'), null
  from size, generate_series(1, n / 10) i;
insert into certificate select i, pg_temp.among(i, 80, n / 5), pg_temp.among(i, 81, n / 20), md5('c' || i)::uuid, date '2026-02-28' - pg_temp.among(i, 82, 900)::int
  from size, generate_series(1, n / 10) i;
