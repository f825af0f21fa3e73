-- SMS broadcasts: messages, their recipients, and one delivery for each. What the carrier's webhook reported lately.

insert into message (id, church_id, author_id, member_group_id, status, body, created_at, sent_at)
select m.id, m.church_id, u.first_id, case when generator.random(m.id, 51) < 0.8 then g.first_id + generator.pick(m.id, 52, g.groups) end,
       (case when generator.random(m.id, 53) < 0.97 then 'SENT' when generator.random(m.id, 54) < 0.5 then 'DRAFT' else 'CANCELLED' end)::message_status,
       generator.sentence(m.id, 55), m.at, m.at + interval '1 minute'
  from (select n as id, 1 + floor((select generator.rows(400, 20)) * generator.random(n, 59) ^ 3)::integer as church_id,
               generator.days_ago(365.0 * (1 - n::float8 / (select generator.rows(8000)))) as at
          from generate_series(1, generator.rows(8000)) n) m
  join (select church_id, min(id) as first_id from app_user group by church_id) u using (church_id)
  join (select church_id, min(id) as first_id, count(*) as groups from member_group group by church_id) g using (church_id)
 order by m.id;

insert into message_recipient (id, message_id, member_id, phone, created_at)
select row_number() over (order by m.id, i), m.id, member.id, '+1' || (2000000000 + member.id * 7919), m.created_at
  from message m
  join generator.span s using (church_id)
 cross join generate_series(0, least(s.members - 1, generator.pick(m.id, 60, 45))) i
 cross join lateral (select s.before + 1 + (generator.pick(m.id, 61, s.members) + i) % s.members as id) member;

insert into delivery (id, message_recipient_id, church_id, status, carrier_reference, error_code, segments, created_at, updated_at)
select r.id, r.id, m.church_id, status.is::delivery_status, 'CR' || lpad(r.id::text, 12, '0'),
       case status.is when 'FAILED' then 30003 when 'UNDELIVERABLE' then 30005 end, 1 + generator.pick(m.id, 62, 2),
       r.created_at, r.created_at + interval '1 minute' * generator.random(r.id, 63)
  from message_recipient r
  join message m on m.id = r.message_id
 cross join lateral (select generator.random(r.id, 64) as at) dice
 cross join lateral (select case when at < 0.95 then 'DELIVERED' when at < 0.97 then 'SENT' when at < 0.985 then 'FAILED'
                                 when at < 0.995 then 'UNDELIVERABLE' else 'QUEUED' end as is) status
 order by r.id;

insert into carrier_event (id, reference, payload, received_at)
select n, 'CR' || lpad(n::text, 12, '0'), jsonb_build_object('status', 'delivered', 'segments', 1, 'carrier', generator.word(n, 65, '{north,south,mobile}'::text[])),
       generator.days_ago(7.0 * (1 - n::float8 / (select generator.rows(30000))))
  from generate_series(1, generator.rows(30000)) n;
