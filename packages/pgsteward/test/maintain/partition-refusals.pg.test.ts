// What can't be partitioned online is told in words before anything is changed; and what the command says from plan to undo.

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { draftMigration } from '../../src/maintain/partition/draft-migration.ts'
import { runMigration } from '../../src/maintain/partition/run-migration.ts'
import type { PartitionStep } from '../../src/model/partition.ts'
import { openSession, type Session } from '../../src/postgres/connect.ts'
import { run as runCli } from '../cli/run.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

let database: TestDatabase
let session: Session

beforeAll(async () => {
  database = await createDatabase()
  session = await openSession(database.url)
})
afterAll(async () => {
  await session?.close()
  await database?.drop()
})
beforeEach(() => database.run('drop schema public cascade; create schema public'))

const MONTHLY: PartitionStep = { by: 'time', every: 'month' }
const LOG =
  'create table log (id bigint primary key, at timestamptz not null, note text, kind int not null default 0)'
const table = { schema: 'public', name: 'log' }

async function drafted(step: PartitionStep = MONTHLY, column = 'at', of: Session = session) {
  return draftMigration(
    of,
    { table, key: { column, type: '' }, step, keepMonths: null },
    3,
    new Date('2026-01-15Z'),
  )
}

const REFUSED: readonly (readonly [
  statements: readonly string[],
  why: RegExp,
  step?: PartitionStep,
  column?: string,
])[] = [
  [[`${LOG} partition by range (id)`], /partitioned already/],
  [['create unlogged table log (id int primary key, at date not null)'], /unlogged/],
  [['create table log (id int, at date not null)'], /no primary key/],
  [['create table log (id int primary key, at date)'], /may be null.*set not null first/],
  [['create table log (id int primary key, at text not null)'], /at is text: a step of time needs/],
  [[LOG], /at is timestamp with time zone: a step of a size needs/, { by: 'number', size: 10 }],
  [[LOG], /no column att: there are id, at/, MONTHLY, 'att'],
  [[LOG, 'create table entry (log_id bigint references log)'], /Foreign keys of entry refer to it/],
  [[LOG, 'create unique index by_note on log (note)'], /Unique index by_note \(note\) lacks the key/],
  [
    [LOG, 'alter table log add constraint once unique (note, kind)'],
    /Unique constraint once \(note, kind\) lacks/,
  ],
  [[LOG, 'alter table log add exclude using btree (note with =)'], /Exclusion constraint log_note_excl/],
  [[LOG, 'create view seen as select * from log'], /Bound to the table itself.*rule _RETURN on view seen/],
  [
    [LOG, 'create function one(log) returns int language sql return 1'],
    /Bound to the table itself.*function one/,
  ],
  [
    [LOG, 'create rule quiet as on delete to log do instead nothing'],
    /Bound to the table itself.*rule quiet/,
  ],
  [[LOG, 'create publication "for" for table log'], /published by for/],
  [[LOG, 'create table more () inherits (log)'], /inherits/],
  [[LOG, 'alter table log add check (kind > 0) no inherit'], /NO INHERIT.*log_kind_check/],
  [
    [LOG, 'alter table log add check (kind >= 0) not valid'],
    /NOT VALID: validate them first: log_kind_check/,
  ],
  [[LOG, 'alter table log force row level security'], /forced on its owner/],
  [[LOG, 'alter table log replica identity using index log_pkey'], /replica identity/],
  [[LOG, "insert into log values (1, '1000-01-01', ''), (2, '2026-01-01', '')"], /more than 1000 partitions/],
  [
    [
      LOG,
      'create function note() returns trigger language plpgsql as $$ begin return null; end $$',
      'create trigger rows_of after insert on log referencing new table as rows for each row execute function note()',
    ],
    /transition tables.*rows_of/,
  ],
]

test.each(REFUSED.map(([statements, why, step, column]) => ({ statements, why, step, column })))(
  'refused: $statements',
  async ({ statements, why, step, column }) => {
    await database.run(...statements)
    const { blockers } = await drafted(step, column)
    expect(blockers.join(' ')).toMatch(why)
    expect(blockers).toHaveLength(1)
    await database.run('drop publication if exists "for"')
  },
)

test('a role that does not own the table, and an owner who may create nothing beside it', async () => {
  await database.run(
    LOG,
    'grant select on log to test_monitor',
    'grant usage on schema public to test_monitor',
  )
  const other = await openSession(database.monitorUrl)
  expect((await drafted(MONTHLY, 'at', other)).blockers.join()).toMatch(
    /not the owner of public.log: grant postgres to it/,
  )
  await database.run('alter table log owner to test_monitor')
  expect((await drafted(MONTHLY, 'at', other)).blockers).toEqual([
    'The owner of public.log may not create tables beside it: grant create on schema public to test_monitor.',
  ])
  await other.close()
})

test('who uses the table is told what changes for them', async () => {
  await database.run(LOG)
  const { blockers, cautions } = await drafted()
  expect(blockers).toEqual([])
  expect(cautions.join(' ')).toMatch(/becomes \(id, at\).*ON CONFLICT \(id\) has to name \(id, at\).*@@id/)
})

const request = (over: Partial<Parameters<typeof runMigration>[0]> = {}) => ({
  url: database.url,
  table,
  design: { table, key: { column: 'at', type: '' }, step: MONTHLY, keepMonths: null },
  ahead: 1,
  decision: { actor: 'ada', reason: 'it grows' },
  warrant: { decisionId: 'ada: it grows', until: new Date(Date.now() + 60_000) },
  limits: { blockedMs: 300, activeSessions: 50, replayLagMs: 30_000 },
  now: () => new Date(),
  until: 'done' as const,
  signal: new AbortController().signal,
  onProgress: () => {},
  ...over,
})

test('without a decision, within another window, or for another design nothing is done', async () => {
  await database.run(LOG)
  await expect(
    runMigration(request({ warrant: { decisionId: '', until: new Date(Date.now() + 60_000) } })),
  ).rejects.toThrow(/nobody decided/)
  await expect(
    runMigration(request({ warrant: { decisionId: 'x', until: new Date(Date.now() - 1) } })),
  ).rejects.toThrow(/window is over/)
  expect(await database.query("select relname from pg_class where relname ~ '^log_p'")).toEqual([
    { relname: 'log_pkey' },
  ])
  await runMigration(request({ until: 'verified' }))
  await expect(
    runMigration(
      request({
        design: {
          table,
          key: { column: 'at', type: '' },
          step: { by: 'time', every: 'day' },
          keepMonths: null,
        },
      }),
    ),
  ).rejects.toThrow(/another migration of public.log is under way/)
})

test('a table that was altered meanwhile is not swapped, and undone it is as it was', async () => {
  await database.run(LOG, "insert into log select i, '2026-01-01', '' from generate_series(1, 10) i")
  await runMigration(request({ until: 'verified' }))
  await database.run('alter table log add column more int', 'create index later on log (note)')
  await expect(runMigration(request())).rejects.toThrow(/public.log was altered while it was copied/)
  await runCli('partition', 'undo', database.url, 'public.log', '--reason', 'altered')
  expect(
    await database.query("select relname from pg_class where relname like 'log%' and relkind <> 'i'"),
  ).toEqual([{ relname: 'log' }])
})

test('rows that somebody put into the copy are found, and named', async () => {
  await database.run(LOG, "insert into log select i, '2026-01-01', '' from generate_series(1, 10) i")
  const stopped = new AbortController()
  await runMigration(
    request({
      signal: stopped.signal,
      onProgress: ({ phase }) =>
        phase === 'indexing' || phase === 'analyzing' ? stopped.abort() : undefined,
    }),
  )
  await database.run("update log_partitioned set note = 'another' where id = 7")
  await expect(runMigration(request())).rejects.toMatchObject({
    message: 'the copy of public.log is not equal to it',
    detail: expect.stringMatching(/keys \(7\)/),
  })
})

test('the command: a plan that is only read, a run that needs a reason, status, undo', async () => {
  await database.run(LOG, "insert into log select i, '2026-01-01', '' from generate_series(1, 10) i")
  const design = [database.url, 'public.log', '--key', 'at', '--every', 'month']
  const plan = await runCli('partition', 'plan', ...design)
  expect(plan).toMatchObject({ exitCode: 0 })
  for (const part of [
    /create table public.log_partitioned \(like public.log/,
    /values from \('2026-01-01 00:00:00\+00'\) to \('2026-02-01 00:00:00\+00'\)/,
    /Locks: SHARE ROW EXCLUSIVE/,
    /alter table public.log rename to log_before_partitioning/,
  ])
    expect(plan.out).toMatch(part)
  expect(await database.query("select relname from pg_class where relname ~ '^log_partitioned'")).toEqual([])
  expect(await runCli('partition', 'run', ...design)).toMatchObject({
    exitCode: 2,
    note: expect.stringMatching(/why\?/),
  })
  expect(await runCli('partition', 'status', ...design.slice(0, 2))).toMatchObject({
    out: expect.stringMatching(/no migration/),
  })
  const run = await runCli('partition', 'run', ...design, '--reason', 'it grows', '--actor', 'ada')
  expect(run).toMatchObject({
    exitCode: 0,
    out: expect.stringMatching(/^partitioned\n {2}rows copied: 10\n {2}rows compared, all equal: 10\n/),
  })
  expect((await runCli('partition', 'status', ...design.slice(0, 2))).out).toMatch(
    /^done, by at every month\n[\s\S]*by ada: it grows/,
  )
  expect(await runCli('partition', 'undo', ...design.slice(0, 2), '--reason', 'enough')).toMatchObject({
    exitCode: 0,
  })
  expect(
    await runCli('partition', 'plan', database.url, 'public.log', '--key', 'note', '--every', 'month'),
  ).toMatchObject({ exitCode: 1 })
})
