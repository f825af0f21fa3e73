-- A learning platform for several schools: courses, lessons, enrolments, hand-ins to grade, a forum, notices, vouchers.
create extension citext;
create extension pg_trgm;
create table school (id int primary key, name text not null, host text not null unique, plan text not null);
create table person (id bigint primary key, school_id int not null references school, email text not null, display_name text not null,
  role text not null, locale text not null, last_seen_at timestamptz, created_at timestamptz not null) with (fillfactor = 85);
create table course (id bigint primary key, school_id int not null references school, slug citext not null, title text not null,
  topics text[] not null, state text not null, published_at timestamptz, price_cents int not null, open_during daterange not null,
  unique (school_id, slug));
create table lesson (id bigint primary key, course_id bigint not null references course on delete cascade, position int not null,
  title text not null, body text not null, unique (course_id, position));
create table enrolment (person_id bigint not null references person, course_id bigint not null references course on delete cascade,
  progress smallint not null, state text not null, enrolled_at timestamptz not null, finished_at timestamptz,
  primary key (person_id, course_id)) with (fillfactor = 85);
create table lesson_view (id bigint generated always as identity primary key, person_id bigint not null, lesson_id bigint not null,
  at timestamptz not null, seconds int not null, client text not null);
create table submission (id bigint primary key, lesson_id bigint not null references lesson on delete cascade,
  person_id bigint not null references person, grader_id bigint references person, state text not null, answers jsonb not null, score int,
  submitted_at timestamptz not null, graded_at timestamptz);
create table thread_post (id bigint primary key, course_id bigint not null references course on delete cascade,
  parent_id bigint references thread_post on delete cascade, author_id bigint not null references person, body text not null,
  words tsvector generated always as (to_tsvector('english', body)) stored, likes int not null, deleted_at timestamptz,
  created_at timestamptz not null) with (fillfactor = 85);
create table notice (id bigint primary key, person_id bigint not null references person on delete cascade, kind text not null,
  payload jsonb not null, read_at timestamptz, created_at timestamptz not null);
create table voucher (id bigint primary key, code text not null, course_id bigint not null, valid_during tstzrange not null, redeemed_by bigint);
create table certificate (id bigint primary key, person_id bigint not null, course_id bigint not null, serial uuid not null, issued_on date not null);
create view feed as
  select course_id, created_at as at, 'post' as kind, author_id as person_id from thread_post where deleted_at is null
  union all
  select course_id, enrolled_at, 'joined', person_id from enrolment;
