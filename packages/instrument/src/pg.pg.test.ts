// node-postgres on a real server: what is told of queries, whatever their shape, and whose they are.

import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createDatabase, type TestDatabase } from '../../pgsteward/test/postgres/database.ts'
import { options } from '../test/pg/options.ts'
import type { Drained, QueryIncrease } from './drained.ts'
import type { ResolvedOptions } from './options.ts'
import { pendingOperation } from './pending-operation.ts'
import { instrumentPg } from './pg.ts'
import { Recorder } from './recorder.ts'
import { currentRequest, runInRequest } from './request-context.ts'

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
