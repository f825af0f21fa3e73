// The same on older servers: identity columns, triggers and foreign keys of partitioned tables were made otherwise there.

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runMigration } from '../../src/maintain/partition/run-migration.ts'
import { undoMigration } from '../../src/maintain/partition/undo-migration.ts'
import type { LocalServer } from '../../src/postgres/local-server.ts'
import { createDatabase, startTestServer, type TestDatabase } from '../postgres/database.ts'

const table = { schema: 'public', name: 'log' }
const request = (url: string) => ({
  url,
  table,
  design: {
    table,
    key: { column: 'n', type: '' },
    step: { by: 'number', size: 400 } as const,
    keepMonths: null,
  },
  ahead: 1,
  decision: { actor: 'ada', reason: 'it grows' },
  warrant: { decisionId: 'ada: it grows', until: new Date(Date.now() + 600_000) },
  limits: { blockedMs: 300, activeSessions: 50, replayLagMs: 30_000 },
  now: () => new Date(),
  until: 'done' as const,
  signal: new AbortController().signal,
  onProgress: () => {},
})

describe.each([14, 16] as const)('PostgreSQL %i', (major) => {
  let server: LocalServer
  let database: TestDatabase

  beforeAll(async () => {
    server = await startTestServer(major)
    database = await createDatabase(server.url())
  })
  afterAll(async () => {
    await database?.drop()
    await server?.stop('immediate')
  })

  test('there, used, and back', async () => {
    await database.run(
      'create table owner (id int primary key)',
      'insert into owner values (1), (2)',
      `create table log (id bigint generated always as identity primary key, n int not null, note text,
                         owner_id int references owner on delete cascade, twice int generated always as (n * 2) stored)`,
      'create index by_note on log (note)',
      `create function mark() returns trigger language plpgsql as $$ begin new.note := new.note || '!'; return new; end $$`,
      'create trigger marks before insert on log for each row execute function mark()',
      `insert into log (n, note, owner_id) select i, 'note', 1 + i % 2 from generate_series(1, 1000) i`,
    )
    const rows = async () =>
      (
        await database.query(
          'select count(*)::int as rows, max(id)::int as id, sum(twice)::int as twice from log',
        )
      )[0]
    const before = await rows()
    expect(await runMigration(request(database.url))).toMatchObject({
      phase: 'done',
      copied: 1000,
      compared: 1000,
    })
    expect(await rows()).toEqual(before)
    await database.run(
      `insert into log (n, note, owner_id) values (5, 'new', 1), (5000, 'far', 2)`,
      'update log set n = n + 400 where n between 390 and 410',
      'delete from owner where id = 2',
    )
    expect(
      await database.query('select note, tableoid::regclass::text as part from log where id > 1000'),
    ).toEqual([{ note: 'new!', part: 'log_p0' }])
    await expect(database.run(`insert into log (n, note, owner_id) values (5, 'new', 2)`)).rejects.toThrow(
      /foreign key/,
    )
    const after = await rows()
    expect(await undoMigration(request(database.url))).toMatchObject({ isFinished: true, compared: 501 })
    expect(await rows()).toEqual(after)
    await expect(database.run(`insert into log (n, note, owner_id) values (5, 'new', 2)`)).rejects.toThrow(
      /foreign key/,
    )
    await database.run(`insert into log (n, note, owner_id) values (5, 'newer', 1)`)
    expect(await database.query('select note from log where id > 1002 order by id')).toEqual([
      { note: 'newer!' },
    ])
    expect(
      await database.query(
        "select relname from pg_class where relname ~ '^log_(p|b)' and relname <> 'log_pkey'",
      ),
    ).toEqual([])
  })
})
