-- Conversations with members and their messages over a year. A few conversations are long, most are short.

insert into conversation_message (id, conversation_id, direction, body, carrier_message_id, sent_at, read_at)
select n, 1 + floor((select generator.rows(40000)) * generator.random(n, 31) ^ 2)::bigint,
       case when generator.random(n, 32) < 0.55 then 'OUTBOUND' else 'INBOUND' end,
       generator.sentence(n, 33), 'SM' || md5(n::text), sent.at,
       case when generator.random(n, 37) < 0.9 then sent.at + interval '1 hour' * generator.random(n, 38) end
  from generate_series(1, generator.rows(220000)) n
 cross join lateral (select generator.days_ago(365.0 * (1 - n::float8 / (select generator.rows(220000)))) as at) sent;

insert into conversation (id, church_id, member_id, assigned_user_id, status, last_message_at, created_at)
select c.id, m.church_id, m.id, case when generator.random(c.id, 39) < 0.3 then u.first_id end,
       (case when generator.random(c.id, 40) < 0.93 then 'CLOSED' when generator.random(c.id, 41) < 0.8 then 'OPEN' else 'SNOOZED' end)::conversation_status,
       coalesce(l.last_at, generator.days_ago(300)), coalesce(l.first_at, generator.days_ago(300))
  from (select n as id, 1 + generator.pick(n, 42, (select generator.members())) as member_id from generate_series(1, generator.rows(40000)) n) c
  join member m on m.id = c.member_id
  join (select church_id, min(id) as first_id from app_user group by church_id) u on u.church_id = m.church_id
  left join (select conversation_id, min(sent_at) as first_at, max(sent_at) as last_at from conversation_message group by conversation_id) l
    on l.conversation_id = c.id
 order by c.id;
