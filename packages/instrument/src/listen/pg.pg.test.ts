// node-postgres on a real server: what is told of queries, whatever their shape, and whose they are.

import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createDatabase, type TestDatabase } from '../../../pgsteward/test/postgres/database.ts'
import { Cursor } from '../../test/pg/cursor.ts'
import { options } from '../../test/pg/options.ts'
import type { ResolvedOptions } from '../options.ts'
import type { Drained, QueryIncrease } from '../record/drained.ts'
import { Recorder } from '../record/recorder.ts'
import { currentRequest, runInRequest } from '../record/request-context.ts'
import { commentTags, fingerprintOf } from '../sql/sql.ts'
import { pendingOperation } from './pending-operation.ts'
import { instrumentPg } from './pg.ts'

let database: TestDatabase
let recorder: Recorder
let undo: () => void
const pools: pg.Pool[] = []

beforeAll(async () => {
  database = await createDatabase()
  await database.run(
    'create table member (id int primary key, name text, password text)',
    `insert into member select n, 'member ' || n, 'x' from generate_series(1, 100) n`,
  )
})
afterAll(async () => {
  await database.drop()
})
beforeEach(() => start())
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.end()))
  undo()
})

function start(over: Partial<ResolvedOptions> = {}): void {
  undo?.()
  recorder = new Recorder(options(over))
  undo = instrumentPg(pg, recorder)
}

function poolOf(max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString: database.url, max })
  pools.push(pool)
  return pool
}

const drain = (): Drained => recorder.drain(Date.now())
const only = (drained: Drained): QueryIncrease => {
  expect(drained.queries).toHaveLength(1)
  return drained.queries[0]!
}

/** As a framework does it: the route is known at the end. */
async function request<T>(route: string, handle: () => Promise<T>): Promise<T> {
  const context = recorder.beginRequest('GET')
  return runInRequest(context, async () => {
    try {
      return await handle()
    } finally {
      recorder.endRequest(context, route, 200)
    }
  })
}

describe('whose a query is', () => {
  it('is right for all of 40 concurrent requests on a pool of 2 (I2)', async () => {
    const pool = poolOf(2)
    await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        request(`/route/${n}`, async () => {
          await pool.query(`select ${n % 2} as first_${n}`)
          await pool.query(`select pg_sleep(0.002) as second_${n}`)
        }),
      ),
    )
    const { queries } = drain()
    expect(queries).toHaveLength(80)
    const wrong = queries.filter(({ text, route }) => !text.endsWith(`_${route?.split('/').at(-1)}`))
    expect(wrong).toEqual([])
  })

  it('is right in callback style, and what a callback sends belongs to the same request', async () => {
    const pool = poolOf(1)
    await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        request(
          `/route/${n}`,
          () =>
            new Promise<void>((resolve, reject) => {
              pool.query(`select 1 as outer_${n}`, (outer) => {
                if (outer) return reject(outer)
                pool.query(`select $1::int as inner_${n}`, [n], (inner) =>
                  inner ? reject(inner) : resolve(),
                )
              })
            }),
        ),
      ),
    )
    const { queries } = drain()
    expect(queries).toHaveLength(20)
    for (const { text, route } of queries) expect(text.endsWith(`_${route?.split('/').at(-1)}`)).toBe(true)
  })
})

describe('what is told of a query', () => {
  const text = 'select id, name from member where id <= $1'

  it('is text, rows, duration and database, in every shape of the call', async () => {
    const pool = poolOf(2)
    const client = await pool.connect()
    const done = <T>(start: (callback: (error: Error | null, result: T) => void) => void): Promise<T> =>
      new Promise((resolve, reject) => start((error, result) => (error ? reject(error) : resolve(result))))
    await pool.query(text, [3])
    await pool.query({ text, values: [3] })
    await pool.query({ text, rowMode: 'array', name: 'three', values: [3] })
    await pool.query({ text, name: 'three' }, [3])
    await done<unknown>((callback) => pool.query(text, [3], callback))
    await client.query(text, [3])
    await client.query({ text, values: [3] })
    await done<unknown>((callback) => client.query(text, [3], callback))
    await done<unknown>((callback) => client.query({ text, values: [3] }, callback))
    await done<unknown>((callback) => client.query({ text, values: [3], callback } as never))
    await done<unknown>((callback) => client.query(new pg.Query({ text, values: [3] }, callback as never)))
    const events = client.query(new pg.Query(text, [3]))
    await new Promise((resolve, reject) => events.on('end', resolve).on('error', reject))
    client.release()
    const query = only(drain())
    expect(query).toMatchObject({
      text,
      summary: 'SELECT member',
      operation: 'SELECT',
      collection: 'member',
      rows: 36,
      errors: 0,
      route: null,
      model: null,
      endpoint: { host: '127.0.0.1', database: database.name },
    })
    expect(query.fingerprint).toMatch(/^[\da-f]{16}$/)
    expect(query.duration.count).toBe(12)
    expect(query.duration.sumMs).toBeGreaterThan(0)
    expect(query.caller).toMatchObject({ file: expect.stringMatching(/pg\.pg\.test\.ts$/) })
  })

  it('is the same as without: results, and rows in callbacks', async () => {
    const pool = poolOf(1)
    expect((await pool.query('select 1 as a')).rows).toEqual([{ a: 1 }])
    expect(
      await new Promise((resolve) => pool.query('select 2 as a', (_e, result) => resolve(result.rows))),
    ).toEqual([{ a: 2 }])
    const client = await pool.connect()
    expect(
      ((await client.query('select 3 as a; select 4 as a')) as never as { rows: object[] }[]).map(
        ({ rows }) => rows,
      ),
    ).toEqual([[{ a: 3 }], [{ a: 4 }]])
    client.release()
    expect(drain().queries.map(({ rows }) => rows)).toEqual([2, 2])
  })

  it('counts errors with their SQLSTATE and hands them on as they are', async () => {
    start({ slowQueryMs: 0 })
    const pool = poolOf(1)
    await expect(pool.query('select * from nothing_here')).rejects.toMatchObject({ code: '42P01' })
    const client = await pool.connect()
    await expect(client.query('select 1/0')).rejects.toMatchObject({ code: '22012' })
    expect(() => client.query(null as never)).toThrow(TypeError)
    client.release()
    const { queries, slowQueries } = drain()
    expect(queries.map(({ errors }) => errors)).toEqual([1, 1])
    expect(slowQueries.map(({ sqlState }) => sqlState)).toEqual(['42P01', '22012'])
  })

  it('is told when the driver has it, on the promise that the driver gives: none is made for us', async () => {
    const client = await poolOf(1).connect()
    const toldAtDrain = new Promise<number>((resolve) =>
      client.once('drain', () => resolve(drain().queries.length)),
    )
    await client.query('select 1')
    client.release()
    expect(await toldAtDrain).toBe(1)
  })

  it('counts what a client refuses to send, as any other error', async () => {
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    const ended = client.end()
    await expect(client.query('select 7 as refused')).rejects.toThrow('closed')
    await ended
    const refused = only(drain())
    expect(refused).toMatchObject({ text: 'select ? as refused', errors: 1 })
    expect(refused.duration.count).toBe(1)
  })

  it('leaves a rejection that nobody handles unhandled', async () => {
    const client = await poolOf(1).connect()
    const unhandled = new Promise((resolve) => {
      const others = process.listeners('unhandledRejection')
      process.removeAllListeners('unhandledRejection')
      process.once('unhandledRejection', (reason) => {
        for (const other of others) process.on('unhandledRejection', other)
        resolve(reason)
      })
    })
    void client.query('select 1/0')
    expect(await unhandled).toMatchObject({ code: '22012' })
    client.release()
  })

  it('separates waiting for the pool, waiting behind others on one client, and running', async () => {
    start({ slowQueryMs: 0 })
    const pool = poolOf(1)
    await Promise.all([pool.query('select pg_sleep(0.2)'), pool.query('select 1 as behind')])
    const client = await pool.connect()
    await Promise.all([client.query('select pg_sleep(0.2) as again'), client.query('select 1 as queued')])
    client.release()
    const { slowQueries, pools } = drain()
    const [long, behind, again, queued] = slowQueries
    expect(long!.durationMs).toBeGreaterThan(190)
    expect(behind!.waitedForPoolMs).toBeGreaterThan(190)
    expect(behind!.durationMs).toBeLessThan(150)
    expect(again!.durationMs).toBeGreaterThan(190)
    expect(queued!.durationMs).toBeLessThan(150)
    expect(pools[0]!.wait).toMatchObject({ count: 3 })
    expect(pools[0]!.wait.maxMs).toBeGreaterThan(190)
  })

  it('is right in transactions', async () => {
    const pool = poolOf(2)
    await request('/transfer', async () => {
      const client = await pool.connect()
      await client.query('begin')
      await client.query('update member set name = $1 where id = $2', ['x', 1])
      await client.query('rollback')
      client.release()
    })
    const { queries, requests } = drain()
    expect(queries.map(({ summary, route, rows }) => [summary, route, rows])).toEqual([
      ['BEGIN', 'GET /transfer', 0],
      ['UPDATE member', 'GET /transfer', 1],
      ['ROLLBACK', 'GET /transfer', 0],
    ])
    expect(requests).toMatchObject([{ method: 'GET', route: '/transfer', statusCode: 200, queries: 3 }])
  })

  it('counts a cursor until its first rows are there, and leaves it working', async () => {
    const client = await poolOf(1).connect()
    const cursor = client.query(
      new Cursor('select id from member where id < 6 order by id') as never,
    ) as never as Cursor
    expect(await cursor.first()).toEqual([['1'], ['2']])
    expect(await cursor.read()).toEqual([['3'], ['4']])
    expect(await cursor.read()).toEqual([['5']])
    const failing = client.query(new Cursor('select * from nothing_here') as never) as never as Cursor
    await expect(failing.first()).rejects.toMatchObject({ code: '42P01' })
    expect((await client.query('select 1 as a')).rows).toEqual([{ a: 1 }])
    client.release()
    const { queries } = drain()
    expect(queries.map(({ text, errors }) => [text.slice(0, 16), errors])).toEqual([
      ['select id from m', 0],
      ['select * from no', 1],
      ['select 1 as a', 0],
    ])
  })

  it('takes model and action from the operation that Prisma announced for this very text', async () => {
    const pool = poolOf(1)
    Object.assign(pendingOperation, { sql: text, model: 'Member', action: 'findMany' })
    await pool.query('select 1')
    await pool.query(text, [1])
    await pool.query(text, [1])
    expect(
      drain().queries.map(({ text, model, action }) => [text === 'select 1' ? '' : 'member', model, action]),
    ).toEqual(
      [
        ['', null, null],
        ['member', null, null],
        ['member', 'Member', 'findMany'],
      ].sort(() => 0),
    )
    expect(pendingOperation.sql).toBeNull()
  })
})

describe('slow queries', () => {
  it('come with statement, rows, caller, route, trace, and parameters without secrets (I2, S3, S5)', async () => {
    start({ slowQueryMs: 50, verySlowQueryMs: 10_000 })
    const pool = poolOf(1)
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
    const context = recorder.beginRequest('GET', `00-${trace}-00f067aa0ba902b7-01`)
    await runInRequest(context, () =>
      pool.query(
        'select pg_sleep(0.06), $1::text as name from member where id < 3 and name <> $2 and password <> $3',
        ['a', 'b@example.org', 'hunter2'],
      ),
    )
    recorder.endRequest(context, '/members', 200)
    const { slowQueries } = drain()
    expect(slowQueries).toHaveLength(1)
    expect(slowQueries[0]).toMatchObject({
      severity: 'warning',
      rows: 2,
      route: 'GET /members',
      traceId: trace,
      spanId: '00f067aa0ba902b7',
      sqlState: null,
      parameters: ['[redacted]', '[redacted]', '[redacted]'],
      caller: { file: expect.stringMatching(/pg\.pg\.test\.ts$/) },
    })
    expect(slowQueries[0]!.durationMs).toBeGreaterThan(50)
  })

  it('are told while their request is still open, from the second drain on', async () => {
    start({ slowQueryMs: 0 })
    const context = recorder.beginRequest('GET')
    context.resolveRoute = () => '/stream'
    await runInRequest(context, () => poolOf(1).query('select 1'))
    expect(drain()).toMatchObject({ slowQueries: [], queries: [] })
    expect(drain()).toMatchObject({
      slowQueries: [{ route: 'GET /stream' }],
      queries: [{ route: 'GET /stream' }],
    })
  })
})

describe('repeated statements', () => {
  it('are found with count and place (I5)', async () => {
    const pool = poolOf(2)
    await request('/members', async () => {
      const { rows } = await pool.query('select id from member order by id limit 12')
      for (const { id } of rows) await pool.query('select name from member where id = $1', [id])
    })
    await request('/members', () => pool.query('select name from member where id = $1', [1]))
    const { repeats } = drain()
    expect(repeats).toMatchObject([
      {
        repetitions: 12,
        route: 'GET /members',
        text: 'select name from member where id = $1',
        summary: 'SELECT member',
      },
    ])
    expect(repeats[0]!.caller?.file).toMatch(/pg\.pg\.test\.ts$/)
    expect(repeats[0]!.caller?.line).toBeGreaterThan(1)
    expect(repeats[0]!.totalMs).toBeGreaterThan(0)
  })

  it('are found with literals in place of parameters, and not below the threshold', async () => {
    const pool = poolOf(2)
    await request('/literals', async () => {
      for (let id = 0; id < 10; id++) await pool.query(`select name from member where id = ${id}`)
    })
    await request('/nine', async () => {
      for (let id = 0; id < 9; id++) await pool.query(`select name from member where id = ${id}`)
    })
    expect(drain().repeats).toMatchObject([{ route: 'GET /literals', repetitions: 10 }])
  })
})

describe('pools', () => {
  it('tell size, waiting, and the connection that was never given back, with its place (I6)', async () => {
    const pool = poolOf(2)
    const leaked = await pool.connect()
    const other = await pool.connect()
    const waiting = pool.query('select 1')
    const state = drain().pools[0]!
    expect(state).toMatchObject({
      max: 2,
      total: 2,
      idle: 0,
      waiting: 1,
      endpoint: { database: database.name },
    })
    expect(state.name).toContain(database.name)
    expect(state.oldestCheckoutMs).toBeGreaterThan(0)
    expect(state.oldestCheckoutBy?.file).toMatch(/pg\.pg\.test\.ts$/)
    other.release()
    await waiting
    expect(drain().pools[0]!.oldestCheckoutMs).toBeGreaterThan(state.oldestCheckoutMs!)
    leaked.release()
    expect(drain().pools[0]).toMatchObject({
      total: 2,
      idle: 2,
      waiting: 0,
      oldestCheckoutMs: null,
      oldestCheckoutBy: null,
    })
    expect(() => leaked.release()).toThrow('already been released')
  })

  it('keep connect in callback style working, and its release', async () => {
    const pool = poolOf(1)
    await new Promise<void>((resolve, reject) => {
      pool.connect((error, client, release) => {
        if (error || !client) return reject(error)
        expect(drain().pools[0]!.oldestCheckoutMs).not.toBeNull()
        release()
        resolve()
      })
    })
    expect(drain().pools[0]).toMatchObject({ idle: 1, oldestCheckoutMs: null })
  })

  it('hand a failure to connect on', async () => {
    const pool = new pg.Pool({ connectionString: database.url.replace(database.name, 'nowhere') })
    await expect(pool.query('select 1')).rejects.toMatchObject({ code: '3D000' })
    await expect(pool.connect()).rejects.toMatchObject({ code: '3D000' })
    await pool.end()
    expect(drain().queries).toEqual([])
  })
})

describe('the patch', () => {
  it('is made once and can be undone', async () => {
    const again = instrumentPg(pg, recorder)
    const pool = poolOf(1)
    await pool.query('select 1')
    expect(only(drain()).duration.count).toBe(1)
    again()
    await pool.query('select 1')
    expect(only(drain()).duration.count).toBe(1)
    undo()
    await pool.query('select 1')
    expect(drain().queries).toEqual([])
    expect(Object.hasOwn(pg.Pool.prototype, 'query')).toBe(false)
  })

  it('lets the application work when the recorder throws (I7)', async () => {
    const pool = poolOf(1)
    const broken = new Error('broken')
    const fail = (): never => {
      throw broken
    }
    for (const fault of [
      { of: recorder, method: 'finishQuery' },
      { of: recorder, method: 'wantsCallSite' },
      { of: recorder.queries, method: 'operationOf' },
      { of: recorder.queries.table, method: 'of' },
      { of: recorder.pools, method: 'of' },
    ]) {
      Object.defineProperty(fault.of, fault.method, { value: fail, configurable: true })
      expect((await pool.query('select 1 as a')).rows).toEqual([{ a: 1 }])
      expect(
        await new Promise((resolve) => pool.query('select 1 as a', (_e, { rows }) => resolve(rows))),
      ).toEqual([{ a: 1 }])
      const client = await pool.connect()
      expect((await client.query('select 1 as a')).rows).toEqual([{ a: 1 }])
      client.release()
      delete (fault.of as unknown as Record<string, unknown>)[fault.method]
    }
    expect(recorder.droppedCounts().faults).toBeGreaterThan(4)
  })

  it('adds route and action behind the text when asked to, and the server sees them', async () => {
    start({ comments: true })
    const pool = poolOf(1)
    const context = recorder.beginRequest('GET')
    context.resolveRoute = () => '/members/:id'
    const seen = await runInRequest(context, async () => {
      const { rows } = await pool.query(
        'select query from pg_stat_activity where pid = pg_backend_pid() and $1',
        [true],
      )
      return rows[0].query
    })
    recorder.endRequest(context, '/members/:id', 200)
    expect(commentTags(seen)).toEqual({ application: 'test', route: 'GET /members/:id' })
    const query = only(drain())
    expect(query.text).not.toContain('/*')
    expect(fingerprintOf(seen)).toBe(query.fingerprint)
  })

  it('knows no request outside of one, and leaves none behind', async () => {
    const pool = poolOf(1)
    await request('/a', () => pool.query('select 1'))
    expect(currentRequest()).toBeNull()
    await pool.query('select 1')
    expect(
      drain()
        .queries.map(({ route }) => route)
        .sort(),
    ).toEqual(['GET /a', null])
  })
})
