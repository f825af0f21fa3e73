// A learning platform. Hard here: expressions, arrays, ranges, documents and texts to search, soft deletes, cascades three deep, and
// counters that are updated all day beside rare wishes to sort by them.

import type { AdviceCase } from '../advice-case.ts'

const NOW = "'2026-03-01 00:00:00+00'"

export const learning: AdviceCase = {
  title: 'A learning platform',
  statements: [
    {
      id: 'sign_in',
      sql: 'select id, display_name, role from person where school_id = $1 and lower(email) = lower($2)',
      callsPerMinute: 120,
      samples: [
        ['1', "'Person28@Mail1.example'"],
        ['7', "'person4711@mail4.example'"],
      ],
    },
    {
      id: 'course_page',
      sql: 'select id, title, state from course where school_id = $1 and slug = $2',
      callsPerMinute: 200,
      samples: [['1', "'Course-17'"]],
    },
    {
      id: 'catalogue',
      sql: `select id, title, price_cents from course where school_id = $1 and state = 'published'
              order by published_at desc nulls last, id desc limit 24`,
      callsPerMinute: 90,
      samples: [['1'], ['9'], ['33']],
    },
    {
      id: 'by_topic',
      sql: `select id, title from course where topics && $1 and state = 'published' limit 50`,
      callsPerMinute: 20,
      samples: [["'{t17,t200}'"], ["'{t3}'"]],
    },
    {
      id: 'open_between',
      sql: 'select id, title from course where open_during && daterange($1, $2)',
      callsPerMinute: 15,
      samples: [
        ["'2023-05-01'", "'2023-05-04'"],
        ["'2025-11-10'", "'2025-11-12'"],
      ],
    },
    {
      id: 'lessons',
      sql: 'select id, title from lesson where course_id = $1 order by position',
      callsPerMinute: 150,
      samples: [['17'], ['1200']],
    },
    {
      id: 'my_courses',
      sql: `select c.id, c.title, e.progress from enrolment e join course c on c.id = e.course_id
             where e.person_id = $1 and e.state = 'active' order by e.enrolled_at desc`,
      callsPerMinute: 150,
      samples: [['5'], ['3777']],
    },
    {
      id: 'class_list',
      sql: `select p.id, p.display_name, e.progress from enrolment e join person p on p.id = e.person_id
             where e.course_id = $1 and e.state = 'active' order by e.enrolled_at desc limit 50`,
      callsPerMinute: 60,
      samples: [['1'], ['40'], ['1500']],
    },
    {
      id: 'completion',
      sql: `select count(*), count(*) filter (where state = 'done') as done, avg(progress) from enrolment where course_id = $1`,
      callsPerMinute: 25,
      samples: [['1'], ['40'], ['1500']],
    },
    {
      id: 'next_to_grade',
      sql: `select id, lesson_id, person_id from submission where state = 'waiting' order by submitted_at limit 10 for update skip locked`,
      callsPerMinute: 200,
      samples: [[]],
    },
    {
      id: 'my_submissions',
      sql: 'select id, lesson_id, state, score from submission where person_id = $1 order by submitted_at desc limit 20',
      callsPerMinute: 150,
      samples: [['5'], ['3777']],
    },
    {
      id: 'lesson_scores',
      sql: `select count(*), avg(score) from submission where lesson_id = $1 and state = 'graded'`,
      callsPerMinute: 40,
      samples: [['5'], ['9001']],
    },
    {
      id: 'flagged',
      sql: 'select id, person_id from submission where answers @> $1',
      callsPerMinute: 12,
      samples: [[`'{"flag": "plagiarism"}'`]],
    },
    {
      id: 'threads',
      sql: `select id, author_id, body, created_at from thread_post where course_id = $1 and parent_id is null and deleted_at is null
             order by created_at desc, id desc limit 20`,
      callsPerMinute: 180,
      samples: [['1'], ['40'], ['1500']],
    },
    {
      id: 'threads_next',
      sql: `select id, author_id, body, created_at from thread_post where course_id = $1 and parent_id is null and deleted_at is null
             and (created_at, id) < ($2, $3) order by created_at desc, id desc limit 20`,
      callsPerMinute: 70,
      samples: [
        ['1', "'2025-11-01 00:00:00+00'", '30000'],
        ['2', "'2025-06-01 00:00:00+00'", '9000'],
      ],
    },
    {
      id: 'replies',
      sql: 'select id, author_id, body from thread_post where parent_id = $1 and deleted_at is null order by created_at',
      callsPerMinute: 180,
      samples: [['5'], ['777'], ['9001']],
    },
    {
      id: 'latest_replies',
      sql: `select distinct on (parent_id) parent_id, id, author_id, created_at from thread_post
             where parent_id = any ($1) and deleted_at is null order by parent_id, created_at desc`,
      callsPerMinute: 60,
      samples: [["'{5,17,99,777,778,779,1200,1300,2999,3001}'"]],
    },
    {
      id: 'search_posts',
      sql: `select id, course_id, body from thread_post where words @@ websearch_to_tsquery('english', $1) and deleted_at is null
             order by created_at desc limit 20`,
      callsPerMinute: 30,
      samples: [["'topic17 solve'"], ["'topic1999'"]],
    },
    {
      id: 'unread',
      sql: 'select id, kind, payload, created_at from notice where person_id = $1 and read_at is null order by created_at desc limit 30',
      callsPerMinute: 600,
      samples: [['5'], ['3777']],
    },
    {
      id: 'unread_count',
      sql: 'select count(*) from notice where person_id = $1 and read_at is null',
      callsPerMinute: 600,
      samples: [['5'], ['3777']],
    },
    {
      id: 'voucher',
      sql: `select id, course_id from voucher where upper(code) = upper($1) and valid_during @> ${NOW}::timestamptz`,
      callsPerMinute: 20,
      samples: [["'welcome-c4ca4238a0b923820dcc509a6f75849b'"]],
    },
    {
      id: 'verify_certificate',
      sql: 'select person_id, course_id, issued_on from certificate where serial = $1',
      callsPerMinute: 10,
      samples: [["'4a8a08f0-9d37-b737-9564-9038408b5f33'"]],
    },
    {
      id: 'feed',
      sql: 'select at, kind, person_id from feed where course_id = $1 order by at desc limit 20',
      callsPerMinute: 20,
      samples: [['1'], ['40'], ['1500']],
    },
    {
      id: 'last_three',
      sql: `select p.id, s.id, s.score from person p cross join lateral
             (select id, score from submission where person_id = p.id order by submitted_at desc limit 3) s where p.id = any ($1)`,
      callsPerMinute: 30,
      samples: [["'{5,17,99,777,778,779,1200,1300,2999,3001}'"]],
    },
    {
      id: 'idle_students',
      sql: `select e.person_id from enrolment e where e.course_id = $1 and e.state = 'active' and not exists
             (select from submission s where s.person_id = e.person_id and s.submitted_at > $2)`,
      callsPerMinute: 5,
      samples: [['40', "'2026-02-01 00:00:00+00'"]],
    },
    {
      id: 'find_person',
      sql: 'select id, display_name from person where school_id = $1 and display_name ilike $2 order by display_name limit 20',
      callsPerMinute: 20,
      samples: [
        ['1', "'%nagelson17%'"],
        ['3', "'%greta dornson3%'"],
      ],
    },
    {
      id: 'views_by_day',
      sql: `select date_trunc('day', at) as day, count(*) from lesson_view where lesson_id = $1 group by 1 order by 1`,
      callsPerMinute: 0.02,
      samples: [['77']],
    },
    {
      id: 'online',
      sql: 'select id, display_name from person where school_id = $1 and last_seen_at > $2 order by last_seen_at desc limit 50',
      callsPerMinute: 0.2,
      samples: [['1', "'2026-02-28 23:00:00+00'"]],
    },
    {
      id: 'popular',
      sql: 'select id, body from thread_post where deleted_at is null order by likes desc limit 5',
      callsPerMinute: 0.1,
      samples: [[]],
    },
    {
      id: 'teachers',
      sql: `select id, display_name from person where school_id = $1 and role = 'teacher' order by display_name`,
      callsPerMinute: 2,
      samples: [['1'], ['9']],
    },
    {
      id: 'seen',
      sql: `update person set last_seen_at = ${NOW} where id = $1`,
      callsPerMinute: 1500,
      samples: [['17'], ['4321']],
    },
    {
      id: 'view',
      sql: `insert into lesson_view (person_id, lesson_id, at, seconds, client) values ($1, $2, ${NOW}, 30, 'web')`,
      callsPerMinute: 2400,
      samples: [['17', '99']],
    },
    {
      id: 'progress',
      sql: `insert into enrolment (person_id, course_id, progress, state, enrolled_at) values ($1, $2, 55, 'active', ${NOW})
             on conflict (person_id, course_id) do update set progress = excluded.progress`,
      callsPerMinute: 500,
      samples: [
        ['17', '99'],
        ['4', '4'],
      ],
    },
    {
      id: 'hand_in',
      sql: `insert into submission (id, lesson_id, person_id, state, answers, submitted_at)
             values ($1, $2, $3, 'waiting', '{"choice": 3, "ms": 4000}', ${NOW})`,
      callsPerMinute: 120,
      samples: [['100000001', '55', '17']],
    },
    {
      id: 'grade',
      sql: `update submission set state = 'graded', score = $1, graded_at = ${NOW} where id = $2`,
      callsPerMinute: 110,
      samples: [['77', '1700']],
    },
    {
      id: 'post',
      sql: `insert into thread_post (id, course_id, parent_id, author_id, body, likes, created_at)
             values ($1, $2, $3, $4, 'how do i print the topic17 of part 3', 0, ${NOW})`,
      callsPerMinute: 60,
      samples: [['100000001', '5', '77', '17']],
    },
    {
      id: 'like',
      sql: 'update thread_post set likes = likes + 1 where id = $1',
      callsPerMinute: 400,
      samples: [['17'], ['9999']],
    },
    {
      id: 'notify',
      sql: `insert into notice (id, person_id, kind, payload, created_at) values ($1, $2, 'reply', '{"ref": 1}', ${NOW})`,
      callsPerMinute: 500,
      samples: [['100000001', '17']],
    },
    {
      id: 'read_all',
      sql: `update notice set read_at = ${NOW} where person_id = $1 and read_at is null`,
      callsPerMinute: 100,
      samples: [['5'], ['3777']],
    },
    {
      id: 'drop_course',
      sql: 'delete from course where id = $1',
      callsPerMinute: 0.5,
      samples: [['1400'], ['1900']],
    },
  ],
  expected: [
    {
      sql: 'create index on person (school_id, lower(email))',
      why: 'an expression found by equality',
      serves: ['sign_in'],
    },
    {
      sql: "create index on course (school_id, published_at desc nulls last, id desc) where state = 'published'",
      why: 'the order of a first page, with its nulls',
      serves: ['catalogue'],
    },
    { sql: 'create index on course using gin (topics)', why: 'arrays that overlap', serves: ['by_topic'] },
    {
      sql: 'create index on course using gist (open_during)',
      why: 'ranges that overlap',
      serves: ['open_between'],
    },
    {
      sql: 'create index on enrolment (course_id, enrolled_at)',
      why: 'the primary key starts with the person; a cascade as well',
      serves: ['class_list', 'completion', 'drop_course'],
    },
    {
      sql: "create index on submission (submitted_at) where state = 'waiting'",
      why: 'a queue: 2 % of the rows',
      serves: ['next_to_grade'],
    },
    {
      sql: 'create index on submission (person_id, submitted_at)',
      why: 'latest of one; top three of several; an anti join',
      serves: ['my_submissions', 'last_three'],
    },
    {
      sql: 'create index on submission (lesson_id)',
      why: 'a report, and a cascade from the course',
      serves: ['lesson_scores', 'drop_course'],
    },
    {
      sql: 'create index on submission using gin (answers jsonb_path_ops)',
      why: 'a document that holds another',
      serves: ['flagged'],
    },
    {
      sql: 'create index on thread_post (course_id, created_at, id) where parent_id is null and deleted_at is null',
      why: 'pages by keyset',
      serves: ['threads', 'threads_next'],
    },
    {
      sql: 'create index on thread_post (course_id, created_at)',
      why: 'the feed, and a cascade from the course',
      serves: ['feed', 'drop_course'],
    },
    {
      sql: 'create index on thread_post (parent_id, created_at)',
      why: 'replies, and a cascade onto itself',
      serves: ['replies', 'latest_replies', 'drop_course'],
    },
    { sql: 'create index on thread_post using gin (words)', why: 'full text', serves: ['search_posts'] },
    {
      sql: 'create index on notice (person_id, created_at) where read_at is null',
      why: '8 % of the rows',
      serves: ['unread', 'unread_count', 'read_all'],
    },
    { sql: 'create index on voucher (upper(code))', why: 'an expression', serves: ['voucher'] },
    { sql: 'create index on certificate (serial)', why: 'one row of all', serves: ['verify_certificate'] },
    {
      sql: 'create index on person using gin (display_name gin_trgm_ops)',
      why: 'a part of a name',
      serves: ['find_person'],
    },
  ],
  traps: [
    { table: 'school', kind: 'any', column: null, why: '40 rows' },
    { table: 'person', kind: 'held', column: 'last_seen_at', why: 'ends HOT on 1500 updates a minute' },
    { table: 'thread_post', kind: 'held', column: 'likes', why: 'ends HOT on 400 updates a minute' },
    { table: 'enrolment', kind: 'held', column: 'progress', why: 'ends HOT on 500 updates a minute' },
    { table: 'lesson_view', kind: 'any', column: null, why: '2400 inserts a minute, a report a day' },
    { table: 'person', kind: 'first', column: 'role', why: 'three values' },
    {
      table: 'submission',
      kind: 'first',
      column: 'grader_id',
      why: 'a foreign key that nothing searches by',
    },
    {
      table: 'thread_post',
      kind: 'first',
      column: 'author_id',
      why: 'a foreign key that nothing searches by',
    },
    { table: 'notice', kind: 'first', column: 'kind', why: 'four values' },
  ],
}
