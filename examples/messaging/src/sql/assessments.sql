-- Assessments of members, their answers and the evidence files. Almost all are completed: the few in progress are what the
-- application asks for all day.

insert into assessment (id, church_id, member_id, title, status, score, created_at, completed_at)
select a.id, m.church_id, m.id, generator.word(a.id, 81, '{Safeguarding,Leadership,Finance,Volunteer readiness,Pastoral care}'::text[]) || ' review',
       status.is::assessment_status, case status.is when 'COMPLETED' then 40 + generator.pick(a.id, 82, 60) end,
       a.at, case when status.is in ('COMPLETED', 'ARCHIVED') then a.at + interval '5 days' * generator.random(a.id, 83) end
  from (select n as id, 1 + generator.pick(n, 84, (select generator.members())) as member_id, generator.random(n, 85) as dice,
               generator.days_ago(700.0 * (1 - n::float8 / (select generator.rows(60000)))) as at
          from generate_series(1, generator.rows(60000)) n) a
  join member m on m.id = a.member_id
 cross join lateral (select case when dice < 0.97 then 'COMPLETED' when dice < 0.99 then 'IN_PROGRESS' when dice < 0.995 then 'ARCHIVED' else 'NOT_STARTED' end as is) status
 order by a.id;

insert into answer (id, assessment_id, question_number, value, remark, answered_at)
select row_number() over (order by a.id, q), a.id, q, generator.pick(a.id * 50 + q, 86, 11),
       case when generator.random(a.id * 50 + q, 87) < 0.4 then generator.sentence(a.id * 50 + q, 88) end, a.created_at + interval '1 day' * generator.random(a.id * 50 + q, 92)
  from assessment a, generate_series(1, 3) q
 where a.status <> 'NOT_STARTED';

insert into evidence_file (id, answer_id, church_id, file_name, content_type, size_bytes, uploaded_at)
select generator.uuid(r.id, 93), r.id, a.church_id, 'evidence-' || r.id || '.pdf',
       generator.word(r.id, 94, '{application/pdf,image/jpeg,image/png}'::text[]), 10000 + generator.pick(r.id, 95, 4000000), r.answered_at
  from answer r join assessment a on a.id = r.assessment_id
 where generator.random(r.id, 96) < 0.25
 order by r.id;
