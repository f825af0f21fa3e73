-- Churches, their staff, members and groups. A power law: the largest church has about an eighth of all members, half of the
-- churches have fewer than a hundred.

insert into church (id, name, slug, time_zone, created_at)
select n,
       generator.word(n, 1, '{Grace,Trinity,Calvary,Hope,St. Mark,New Life,Bethel,Cornerstone,Redeemer,Zion}'::text[]) || ' '
         || generator.word(n, 2, '{Chapel,Church,Fellowship,Community,Parish,Tabernacle}'::text[]) || ' of ' ||
         generator.word(n, 3, '{Springfield,Riverside,Franklin,Greenville,Bristol,Fairview,Salem,Madison}'::text[]) || ' ' || n,
       'church-' || n,
       generator.word(n, 4, '{America/New_York,America/Chicago,America/Denver,America/Los_Angeles}'::text[]),
       generator.days_ago(400 + 1500 * generator.random(n, 5))
  from generate_series(1, generator.rows(400, 20)) n;

-- which member ids a church has: its members are numbered consecutively
create table generator.span as
with sized as (
  select c.id as church_id,
         greatest(5, round(generator.rows(60000) * ((c.id::float8 / t.churches) ^ (1 / 3.0) - ((c.id - 1)::float8 / t.churches) ^ (1 / 3.0))))::bigint as members
    from church c, (select count(*) as churches from church) t
)
select church_id, members, (sum(members) over (order by church_id) - members)::bigint as before from sized;
alter table generator.span add primary key (church_id);
analyze generator.span;

create function generator.members() returns bigint stable language sql
as 'select sum(members)::bigint from generator.span';

insert into app_user (id, church_id, email, display_name, role, password_hash, created_at)
select row_number() over (order by s.church_id, i), s.church_id, 'user' || i || '@church-' || s.church_id || '.example', 'User ' || i,
       case i when 1 then 'OWNER' when 2 then 'ADMIN' else 'STAFF' end, current_setting('demo.password_hash'),
       generator.days_ago(400 * generator.random(s.church_id * 1000 + i, 6))
  from generator.span s, generate_series(1, 2 + least(40, s.members / 100)) i;

insert into app_session (token_hash, app_user_id, user_agent, last_seen_at, expires_at)
select translate(rtrim(encode(sha256((n || '/7')::bytea), 'base64'), '='), '+/', '-_'), 1 + floor(u.users * generator.random(n, 8) ^ 2)::bigint,
       generator.word(n, 9, '{Mozilla/5.0 (Macintosh),Mozilla/5.0 (Windows NT 10.0),Mozilla/5.0 (iPhone),Mozilla/5.0 (Android 15)}'::text[]),
       generator.days_ago(14 * generator.random(n, 10)), generator.days_ago(14 * generator.random(n, 10)) + interval '30 days'
  from generate_series(1, generator.rows(25000)) n, (select count(*) as users from app_user) u;

insert into member (id, church_id, first_name, last_name, phone, email, opted_out, joined_on, created_at)
select s.before + i, s.church_id,
       generator.word(s.before + i, 11, '{James,Mary,Robert,Patricia,John,Jennifer,Michael,Linda,David,Elizabeth,William,Barbara,Richard,Susan,Joseph,Jessica,Grace,Ruth,Samuel,Hannah}'::text[]),
       generator.word(s.before + i, 12, '{Smith,Johnson,Williams,Brown,Jones,Garcia,Miller,Davis,Rodriguez,Martinez,Hernandez,Lopez,Gonzalez,Wilson,Anderson,Thomas,Taylor,Moore,Jackson,Martin,Lee,Perez}'::text[]),
       '+1' || (2000000000 + (s.before + i) * 7919),
       -- families share an address: one in three uses the one of the member before
       case when generator.random(s.before + i, 13) < 0.9
            then 'member' || (s.before + i - case when i > 1 and generator.random(s.before + i, 14) < 0.33 then 1 else 0 end) || '@mail.example' end,
       generator.random(s.before + i, 15) < 0.03,
       generator.days_ago(3000 * generator.random(s.before + i, 16))::date, generator.days_ago(400 * generator.random(s.before + i, 17))
  from generator.span s, generate_series(1, s.members) i;

insert into member_group (id, church_id, name, created_at)
select row_number() over (order by s.church_id, i), s.church_id,
       generator.word(i, 18, '{Choir,Youth,Ushers,Bible study,Food drive,Volunteers,Elders,Parents}'::text[]) || ' ' || i,
       generator.days_ago(400 * generator.random(s.church_id * 1000 + i, 19))
  from generator.span s, generate_series(1, 2 + least(60, s.members / 40)) i;

insert into group_membership (member_group_id, member_id, added_at)
select distinct on (g.id, member_id) g.id, member_id, generator.days_ago(300 * generator.random(g.id * 1000 + i, 20))
  from member_group g
  join generator.span s using (church_id)
 cross join generate_series(1, least(s.members, 60)) i
 cross join lateral (select s.before + 1 + generator.pick(g.id * 1000 + i, 21, s.members) as member_id) m
 order by g.id, member_id;
