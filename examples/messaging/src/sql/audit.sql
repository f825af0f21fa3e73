-- The audit log of the last ninety days: who did what to which row.

insert into audit_log (id, church_id, app_user_id, action, entity, entity_id, details, created_at)
select a.id, a.church_id, u.first_id + generator.pick(a.id, 101, u.users), generator.word(a.id, 102, '{created,updated,viewed,exported,deleted}'::text[]),
       generator.word(a.id, 103, '{member,message,assessment,payment,conversation}'::text[]), 1 + generator.pick(a.id, 104, 30000),
       jsonb_build_object('ip', '10.0.' || generator.pick(a.id, 105, 256) || '.' || generator.pick(a.id, 106, 256), 'fields', jsonb_build_array('status', 'name')),
       generator.days_ago(90.0 * (1 - a.id::float8 / (select generator.rows(150000))))
  from (select n as id, 1 + floor((select generator.rows(400, 20)) * generator.random(n, 107) ^ 3)::integer as church_id
          from generate_series(1, generator.rows(150000)) n) a
  join (select church_id, min(id) as first_id, count(*) as users from app_user group by church_id) u using (church_id)
 order by a.id;
