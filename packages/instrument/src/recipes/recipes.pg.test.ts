import { eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { pgTable, serial, text } from 'drizzle-orm/pg-core'
import knexOf, { type Knex } from 'knex'
import { type Generated, Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createDatabase, type TestDatabase } from '../../../pgsteward/test/postgres/database.ts'
import { startRecording, stopRecording } from '../../test/recording.ts'
import { instrumentPg } from '../listen/pg.ts'
import type { Recorder } from '../record/recorder.ts'
import { runInRequest } from '../record/request-context.ts'
import { drizzleLogger } from './drizzle.ts'
import { watchKnex } from './knex.ts'
import { kyselyLog } from './kysely.ts'

let database: TestDatabase
let recorder: Recorder

beforeAll(async () => {
  database = await createDatabase()
  await database.run(
    'create table member (id serial primary key, name text not null)',
    `insert into member (name) select 'member ' || i from generate_series(1, 20) i`,
  )
})
afterAll(async () => {
  await database?.drop()
})
beforeEach(() => {
  recorder = startRecording()
})
afterEach(stopRecording)

async function inRequest(run: () => Promise<unknown>): Promise<void> {
  const context = recorder.beginRequest('GET')
  await runInRequest(context, run)
  recorder.endRequest(context, '/members', 200)
}

/** Statements of the table as `summary model.action rows route`. */
function told(): readonly string[] {
  return recorder
    .drain(Date.now())
    .queries.filter(({ collection }) => collection === 'member')
    .map(({ summary, model, action, rows, route }) => `${summary} ${model}.${action} ${rows} ${route}`)
    .toSorted()
}

describe('Drizzle on node-postgres', () => {
  const member = pgTable('member', { id: serial('id').primaryKey(), name: text('name').notNull() })
  let pool: pg.Pool
  let undo: () => void
  beforeAll(() => {
    undo = instrumentPg(pg)
    pool = new pg.Pool({ connectionString: database.url, max: 2 })
  })
  afterAll(async () => {
    undo()
    await pool.end()
  })

  test('needs nothing: statements, rows, request (I1)', async () => {
    const db = drizzle(pool)
    await inRequest(async () => db.select().from(member).where(eq(member.id, 3)))
    expect(told()).toEqual(['SELECT member null.null 1 GET /members'])
  })

  test('with the logger has table and action as model and action, in transactions too', async () => {
    const heard: string[] = []
    const db = drizzle(pool, { logger: drizzleLogger({ logQuery: (query) => heard.push(query) }) })
    await inRequest(async () => {
      await db.select().from(member).where(eq(member.id, 3))
      await db.transaction(async (tx) => {
        await tx.update(member).set({ name: 'x' }).where(eq(member.id, 4))
      })
    })
    expect(told()).toEqual([
      'SELECT member member.select 1 GET /members',
      'UPDATE member member.update 1 GET /members',
    ])
    expect(heard.length).toBeGreaterThanOrEqual(2)
  })
})

describe('Knex on node-postgres', () => {
  let undo: () => void
  let knex: Knex
  beforeAll(() => {
    undo = instrumentPg(pg)
    knex = knexOf({ client: 'pg', connection: database.url, pool: { min: 0, max: 2 } })
  })
  afterAll(async () => {
    undo()
    await knex.destroy()
  })

  test('needs nothing: statements, rows, request (I1)', async () => {
    await inRequest(() => knex('member').where({ id: 3 }).select('name').then())
    expect(told()).toEqual(['SELECT member null.null 1 GET /members'])
  })

  test("watched, has Knex's own words as action, until it is undone", async () => {
    const unwatch = watchKnex(knex)
    await inRequest(async () => {
      await knex('member').where({ id: 3 }).first()
      await knex('member').where({ id: -1 }).del()
      await knex.raw('select name from member where id = ?', [5])
    })
    expect(told()).toEqual([
      'DELETE member member.del 0 GET /members',
      'SELECT member member.first 1 GET /members',
      'SELECT member member.select 1 GET /members',
    ])
    unwatch()
    await inRequest(() => knex('member').where({ id: 3 }).first().then())
    expect(told()).toEqual(['SELECT member null.null 1 GET /members'])
  })
})

interface Tables {
  readonly member: { readonly id: Generated<number>; readonly name: string }
}

describe('Kysely', () => {
  test('on node-postgres needs nothing: statements, rows, request (I1)', async () => {
    const undo = instrumentPg(pg)
    const pool = new pg.Pool({ connectionString: database.url, max: 2 })
    const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
    try {
      await inRequest(() => db.selectFrom('member').selectAll().where('id', '=', 3).execute())
      expect(told()).toEqual(['SELECT member null.null 1 GET /members'])
    } finally {
      undo()
      await db.destroy()
    }
  })

  test('on a driver that nothing patches tells statements, durations and errors by its log', async () => {
    const endpoint = { host: 'db', port: 5432, database: 'shop' }
    const heard: string[] = []
    const pool = new pg.Pool({ connectionString: database.url, max: 2 })
    const db = new Kysely<Tables>({
      dialect: new PostgresDialect({ pool }),
      log: kyselyLog({ endpoint, next: ({ level }) => void heard.push(level) }),
    })
    try {
      await inRequest(async () => {
        await db.selectFrom('member').selectAll().where('id', '=', 3).execute()
        await sql`select no_such_column from member`.execute(db).catch(() => {})
      })
      const { queries } = recorder.drain(Date.now())
      expect(
        queries.map(({ model, action, errors, route, endpoint: { host } }) => [
          model,
          action,
          errors,
          route,
          host,
        ]),
      ).toEqual([
        ['member', 'select', 0, 'GET /members', 'db'],
        ['member', 'select', 1, 'GET /members', 'db'],
      ])
      expect(queries[0]!.duration.sumMs).toBeGreaterThan(0)
      expect(heard).toEqual(['query', 'error'])
    } finally {
      await db.destroy()
    }
  })
})
