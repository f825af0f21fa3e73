import type pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDatabase, type TestDatabase } from '../../test/postgres/database.ts'
import type { PgFact } from '../model/fact.ts'
import { openSession, type Session } from '../postgres/connect.ts'
import { pickVariant } from '../postgres/variant.ts'
import { type ActivityRow, activity } from './activity.ts'
import { type BlockingRow, blocking } from './blocking.ts'
import { type ConnectionGroupRow, connectionGroups } from './connection-groups.ts'
import { type ConnectionsRow, connections } from './connections.ts'
import { type ProgressRow, progress } from './progress.ts'
import { type XminHolderRow, xminHolders } from './xmin-holders.ts'
import { type XminHorizonRow, xminHorizon } from './xmin-horizon.ts'

let database: TestDatabase
let session: Session

beforeEach(async () => {
  database = await createDatabase()
  await database.run(
    'create table parcel (id int primary key, weight int)',
    'insert into parcel select i, i from generate_series(1, 10) i',
  )
  session = await openSession(database.monitorUrl)
})
afterEach(async () => {
  await session.close()
  await database.drop()
})

async function read<Row>(fact: PgFact): Promise<readonly Row[]> {
  const picked = pickVariant(fact, session.server)
  if (picked.status === 'unavailable') throw new Error(picked.because)
  return (await session.query(fact.id, picked.sql)).rows.map(fact.parse)
}

/** Reads again and again until a row is as wanted: what other sessions do shows with a little delay, and the server reads what a session
    waits for after what it runs, so that one row may hold the lock of a statement and the text of the one before. */
async function readUntil<Row>(fact: PgFact, isWanted: (row: Row) => boolean): Promise<Row> {
  for (const until = Date.now() + 20_000; Date.now() < until; ) {
    const found = (await read<Row>(fact)).find(isWanted)
    if (found !== undefined) return found
  }
  throw new Error(`${fact.id} never showed it`)
}

const pidOf = async (client: pg.Client): Promise<number> =>
  (await client.query('select pg_backend_pid() as pid')).rows[0].pid

test('a transaction left open is told with its age and what it did last', async () => {
  const idler = await database.connect()
  const pid = await pidOf(idler)
  await idler.query('begin')
  await idler.query(`update parcel set weight = 0 where id = 1 /* ${'x'.repeat(2_000)} */`)
  const row = await readUntil<ActivityRow>(
    activity,
    (each) => each.pid === pid && each.state === 'idle in transaction',
  )
  expect(row).toMatchObject({
    backendType: 'client backend',
    database: database.name,
    user: 'postgres',
    application: 'test',
    clientAddress: '127.0.0.1',
    blockedBy: [],
  })
  expect(row.query).toHaveLength(1_000)
  expect(row.transactionAgeMs).toBeGreaterThan(0)
  expect(row.stateAgeMs).toBeLessThanOrEqual(row.transactionAgeMs!)
  const holder = await readUntil<XminHolderRow>(xminHolders, (each) => each.name === String(pid))
  expect(holder).toMatchObject({ kind: 'backend', detail: 'idle in transaction', database: database.name })
  expect((await read<XminHorizonRow>(xminHorizon))[0]!.backendAge).toBeGreaterThanOrEqual(holder.xminAge)
  await idler.query('rollback')
})

test('own sessions are in no list, and counted apart', async () => {
  const other = await openSession(database.monitorUrl, { purpose: 'doctor' })
  try {
    const own = (await read<ActivityRow>(activity)).filter((row) => row.user === 'test_monitor')
    expect(own).toEqual([])
    const groups = await read<ConnectionGroupRow>(connectionGroups)
    expect(groups.filter((row) => row.user === 'test_monitor')).toEqual([])
    expect(groups.find((row) => row.database === database.name)).toMatchObject({ application: 'test' })
    const [counts] = await read<ConnectionsRow>(connections)
    expect(counts!.own).toBeGreaterThanOrEqual(2)
    expect(counts!.usableConnections).toBe(counts!.maxConnections - counts!.reservedConnections)
    expect(counts!.reservedConnections).toBe(3)
  } finally {
    await other.close()
  }
})

test('a chain of waiting: who waits for whom, for which table, and who is at its head', async () => {
  const [head, middle, tail] = [
    await database.connect(),
    await database.connect(),
    await database.connect(),
  ] as const
  const [headPid, middlePid, tailPid] = [await pidOf(head), await pidOf(middle), await pidOf(tail)]
  await head.query('begin; update parcel set weight = 1 where id = 1')
  await middle.query('begin; update parcel set weight = 2 where id = 2')
  const waiting = [middle.query('update parcel set weight = 3 where id = 1')]
  const first = await readUntil<BlockingRow>(
    blocking,
    (row) => row.waitingPid === middlePid && row.waitingQuery.endsWith('where id = 1'),
  )
  waiting.push(tail.query('update parcel set weight = 4 where id = 2'))
  const second = await readUntil<BlockingRow>(
    blocking,
    (row) => row.waitingPid === tailPid && !row.blockerIsRoot,
  )

  expect(first).toMatchObject({
    blockingPid: headPid,
    blockingState: 'idle in transaction',
    blockerIsRoot: true,
    lockType: 'transactionid',
    lockMode: 'ShareLock',
    relation: 'public.parcel',
    waitingQuery: 'update parcel set weight = 3 where id = 1',
  })
  expect(second.blockingPid).toBe(middlePid)
  const row = await readUntil<ActivityRow>(
    activity,
    (each) => each.pid === tailPid && each.waitType === 'Lock',
  )
  expect(row.blockedBy).toEqual([middlePid])
  await readUntil<ConnectionsRow>(connections, ({ blocked }) => blocked >= 2)

  await head.query('rollback')
  await waiting[0]
  await middle.query('rollback')
  await waiting[1]
  const ours = [headPid, middlePid, tailPid]
  expect((await read<BlockingRow>(blocking)).filter((each) => ours.includes(each.waitingPid))).toEqual([])
})

test('a table lock is told by the table and the mode asked for', async () => {
  const [holder, waiter] = [await database.connect(), await database.connect()]
  await holder.query('begin; lock table parcel in access exclusive mode')
  const waiting = waiter.query('select count(*) from parcel')
  const waiterPid = await readUntil<BlockingRow>(
    blocking,
    (row) => row.waitingQuery === 'select count(*) from parcel',
  )
  expect(waiterPid).toMatchObject({
    lockType: 'relation',
    lockMode: 'AccessShareLock',
    relation: 'public.parcel',
    waitingDatabase: database.name,
  })
  await holder.query('rollback')
  await waiting
})

test('a command under way is told with its table, phase and measure', async () => {
  const [holder, builder] = [await database.connect(), await database.connect()]
  // concurrently: it waits for the writer, so that it can be watched at leisure
  await holder.query('begin; update parcel set weight = 1 where id = 1')
  const building = builder.query('create index concurrently parcel_weight on parcel (weight)')
  const row = await readUntil<ProgressRow>(progress, (each) => each.relation === 'public.parcel')
  expect(row).toMatchObject({
    command: 'create index concurrently',
    database: database.name,
    isAutovacuum: false,
    isAgainstWraparound: false,
  })
  expect(row.phase).toMatch(/waiting for writers|initializing/)
  await holder.query('rollback')
  await building
})
