// pgsteward partition advise through the real command line: designs, blockers, verdicts, and what it says of bad input.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { renderPartitionReport } from '../../src/cli/render-partition-advice.ts'
import { EXIT } from '../../src/model/error.ts'
import { type PartitionReport, partitionReport } from '../../src/model/partition-advice.ts'
import { run } from '../cli/run.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

let database: TestDatabase
const dir = mkdtempSync(join(tmpdir(), 'pgsteward-test-partition-'))
const file = (name: string, content: unknown): string => {
  const path = join(dir, name)
  writeFileSync(path, JSON.stringify(content))
  return path
}

beforeAll(async () => {
  database = await createDatabase()
  await database.run(
    `create table event (id bigint generated always as identity primary key, at timestamptz not null, member integer not null,
       reference text not null unique, kind text not null, during int4range, seen_at timestamptz,
       exclude using gist (during with &&) where (member < 0))`,
    `insert into event (at, member, reference, kind) select now() - interval '2 years' * (1 - i / 120000.0), i * 7919 % 3000, 'ref ' || i, 'kind ' || i % 9
       from generate_series(1, 120000) i`,
    'create index event_member on event (member)',
    'create index event_at on event (at)',
    'create table note (id bigint primary key, event bigint not null references event (id), body text)',
    "create view recent as select * from event where at > now() - interval '1 day'",
    `create function watch() returns trigger language plpgsql as 'begin return null; end'`,
    'create trigger seen after insert on event referencing new table as added for each row execute function watch()',
    'create table divided (id int, at date) partition by range (at)',
    'create table untold (id int, at date)',
    'vacuum analyze',
  )
}, 60_000)
afterAll(async () => {
  await database?.drop()
  rmSync(dir, { recursive: true, force: true })
})

const REPORT = {
  id: 'report',
  sql: `select kind, count(*) from event where at >= now() - interval '30 days' group by kind`,
  callsPerMinute: 20,
}
const BY_ID = { id: 'by id', template: 'select * from event where id = $1', callsPerMinute: 30 }
const PURGE = {
  id: 'purge',
  sql: `delete from event where id in (select id from event where at < now() - interval '540 days' limit 1000)`,
  callsPerMinute: 1,
}
const UPSERT = {
  id: 'upsert',
  template: `insert into event (at, member, reference, kind) values (now(), $1, $2, 'new') on conflict (reference) do nothing`,
  callsPerMinute: 100,
}

async function advise(statements: readonly unknown[], ...more: readonly string[]): Promise<PartitionReport> {
  const ran = await run(
    'partition',
    'advise',
    database.url,
    ...more,
    '--workload',
    file('workload.json', statements),
    '--json',
  )
  expect(ran.note).toBe('')
  expect(ran.exitCode).toBe(EXIT.clean)
  return partitionReport.parse(JSON.parse(ran.out))
}

describe('a table that is asked by time, and from which old rows are deleted', () => {
  let report: PartitionReport
  let advice: PartitionReport['tables'][number]
  beforeAll(async () => {
    report = await advise([REPORT, BY_ID, PURGE, UPSERT], 'public.event', '--rows', '100000')
    advice = report.tables[0]!
  }, 60_000)

  test('is divided by that time, in steps that the span allows, and keeps what the deletes leave (A6)', () => {
    expect(advice.design).toEqual({
      table: { schema: 'public', name: 'event' },
      key: { column: 'at', type: 'timestamp with time zone' },
      step: { by: 'time', every: 'quarter' },
      keepMonths: 18,
    })
    expect(advice.verdict.is).toBe('worthwhile')
    expect(advice.keys.map(({ column, refusedBecause }) => [column, refusedBecause])).toEqual([
      ['at', null],
      ['id', null],
      ['seen_at', expect.stringContaining('null')],
    ])
    expect(advice.keys[0]).toMatchObject({ isRetention: true })
    expect(advice.reasons.join(' ')).toContain('purge deletes what is older than 540 days')
  })

  test('names all that stands in the way, with its reason', () => {
    expect(advice.blockers.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual([
      'exclusion constraint event_during_excl',
      'foreign key note_event_fkey',
      'on conflict upsert',
      'trigger seen',
      'unique constraint event_reference_key',
      'view recent',
    ])
    for (const { because, whatToDo } of advice.blockers)
      expect(because.length * whatToDo.length).toBeGreaterThan(0)
    expect(advice.cautions.join(' ')).toContain('@@id([id, at])')
  })

  test('shows what each statement reads afterwards, and at what cost', () => {
    const statement = (id: string) => advice.statements.find((each) => each.id === id)!
    expect(statement('report').partitionsScanned).toBeLessThanOrEqual(6)
    expect(statement('by id').partitionsScanned).toBe(statement('by id').partitions)
    expect(statement('by id').costAfter).toBeGreaterThan(statement('by id').costBefore * 3)
    expect(statement('purge').isReplacedByDrop).toBe(true)
    expect(advice.statements.reduce((sum, { shareOfTime }) => sum + shareOfTime, 0)).toBeCloseTo(1)
    expect(advice.planner?.agreement.sameShape).toBe(advice.planner?.agreement.statements)
  })

  test('for people: design, blockers, statements and the next step stand in the text', () => {
    const text = renderPartitionReport(report, { isColoured: false })
    expect(text).toContain('by at (timestamp with time zone), a partition a quarter, kept for 18 months')
    expect(text).toContain('foreign key note_event_fkey')
    expect(text).toMatch(/\d+ of \d+ +report/)
    expect(text).toContain('Next: pgsteward partition plan URL public.event')
  })
})

test('without a name the large ones are looked at; one that is looked up by another column is better left in one piece', async () => {
  const byMember = { template: 'select * from event where member = $1', callsPerMinute: 100 }
  const { tables } = await advise([byMember], '--rows', '100000')
  expect(tables.map(({ table }) => table.name)).toEqual(['event'])
  expect(tables[0]!.verdict).toMatchObject({
    is: 'not worthwhile',
    because: expect.stringContaining('every partition'),
  })
  expect(tables[0]!.costRatio).toBeGreaterThan(1.1)
}, 60_000)

test('where no table is large, the largest is named', async () => {
  const { tables, notes } = await advise([REPORT])
  expect(tables).toEqual([])
  expect(notes[0]).toMatch(/public\.event, has 120,000/)
})

test('a table that was never analyzed is told to be', async () => {
  const asked = { sql: 'select * from untold where at = current_date', callsPerMinute: 1 }
  const { tables, notes } = await advise([asked], 'untold')
  expect(tables[0]).toMatchObject({ design: null, verdict: { is: 'not worthwhile' } })
  expect(notes.join(' ')).toContain('analyze it')
}, 60_000)

test.each([
  [['public.evnt'], /there is no table public\.evnt/, /Did you mean public\.event/],
  [['divided'], /is partitioned already/, /in one piece/],
  [['event', 'more'], /one argument too many/, /URL and a table/],
  [['event', '--rows', 'many'], /not a number of rows/, /1e6/],
  [['event', '--workload', file('empty.json', [])], /holds no statement/, /JSON file/],
  [['event'], /no workload/, /--workload FILE/],
])('bad input %j is refused with what to do', async (args, message, hint) => {
  const { exitCode, note } = await run('partition', 'advise', database.url, ...args)
  expect(exitCode).toBe(EXIT.usage)
  expect(note).toMatch(message)
  expect(note).toMatch(hint)
})

test('a role that may not read statistics is told what to grant', async () => {
  const { out, exitCode } = await run(
    'partition',
    'advise',
    database.monitorUrl,
    'event',
    '--workload',
    file('hidden.json', [REPORT]),
  )
  expect(exitCode).toBe(EXIT.clean)
  expect(out).toContain('may not read the statistics of public.event')
  expect(out).toContain('pgsteward doctor')
}, 60_000)
