// The demo database on a real server, small: built whole or not at all, its faults present, mended and planted again.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LocalServer, startLocalServer } from '../../../packages/pgsteward/src/postgres/local-server.ts'
import { faultProbes } from './fault-probes.ts'
import {
  DEMO_DATABASE,
  DEMO_SETTINGS,
  mendFaults,
  monitorUrl,
  PLANTED_FAULTS,
  plantFaults,
  prepareDemo,
  startTraffic,
} from './index.ts'

const SCALE = 0.02
const folder = mkdtempSync(join(tmpdir(), 'messaging-demo-'))
let server: LocalServer

beforeAll(async () => {
  server = await startLocalServer({ dir: folder, major: 18, settings: DEMO_SETTINGS, durable: false })
  await prepareDemo(server.url, { scale: SCALE })
})

afterAll(async () => {
  await server.stop()
  rmSync(server.dir, { recursive: true, force: true })
  rmSync(folder, { recursive: true, force: true })
})

async function ask(sql: string, database = DEMO_DATABASE): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: server.url(database), application_name: 'test' })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

async function until(holds: () => Promise<boolean>, what: string, withinMs = 20_000): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const oidOf = async (database: string) =>
  (await ask(`select oid from pg_database where datname = '${database}'`, 'postgres'))[0]?.oid
const applicationBackends = async () =>
  Number((await ask("select count(*) from pg_stat_activity where usename = 'messaging_app'"))[0]?.count)

describe('prepareDemo', () => {
  test('leaves a finished database alone', async () => {
    const before = await oidOf(DEMO_DATABASE)
    const steps: string[] = []
    await prepareDemo(server.url, { scale: SCALE, onProgress: ({ step }) => steps.push(step) })
    expect(await oidOf(DEMO_DATABASE)).toBe(before)
    expect(steps).toEqual([])
  })

  test('builds data in which every foreign key holds', async () => {
    const keys = await ask(
      `select format('select count(*) from %s c where c.%I is not null and not exists (select from %s p where p.%I = c.%I)',
                     conrelid::regclass, c.attname, confrelid::regclass, p.attname, c.attname) as sql
         from pg_constraint k
         join pg_attribute c on c.attrelid = k.conrelid and c.attnum = k.conkey[1]
         join pg_attribute p on p.attrelid = k.confrelid and p.attnum = k.confkey[1]
        where k.contype = 'f'`,
    )
    expect(keys.length).toBeGreaterThan(20)
    for (const { sql } of keys) expect([sql, await ask(String(sql))]).toEqual([sql, [{ count: '0' }]])
  })

  test('gives the monitoring role pg_monitor and no table', async () => {
    const client = new pg.Client(monitorUrl(server.url))
    await client.connect()
    try {
      const seen = await client.query('select count(*) from pg_stat_statements where query is not null')
      expect(Number(seen.rows[0].count)).toBeGreaterThan(10)
      await expect(client.query('select * from church')).rejects.toThrow('permission denied')
    } finally {
      await client.end()
    }
  })

  test('leaves no statement of its own in pg_stat_statements', async () => {
    const heavy = await ask(
      "select query from pg_stat_statements where query ~* 'generator|vacuum|create (unique )?index|imported'",
    )
    expect(heavy).toEqual([])
  })

  test('throws the reason of an abort, leaves nothing half-made, and builds anew afterwards', async () => {
    await ask(`alter database ${DEMO_DATABASE} rename to finished`, 'postgres')
    try {
      const abort = new AbortController()
      const aborted = prepareDemo(server.url, {
        scale: SCALE,
        signal: abort.signal,
        onProgress: ({ step }) => step === 'indexes' && abort.abort(new Error('enough')),
      })
      await expect(aborted).rejects.toThrow('enough')
      expect(await oidOf(DEMO_DATABASE)).toBeUndefined()
      expect(await oidOf(`${DEMO_DATABASE}_building`)).toBeDefined()
      await prepareDemo(server.url, { scale: SCALE })
      expect(await oidOf(DEMO_DATABASE)).toBeDefined()
      expect(await oidOf(`${DEMO_DATABASE}_building`)).toBeUndefined()
      await expect(ask('select count(*) from church')).resolves.toEqual([{ count: '20' }])
    } finally {
      await ask('drop database if exists finished with (force)', 'postgres')
    }
  })

  test('never touches a database of that name that is not a demo', async () => {
    await ask(`alter database ${DEMO_DATABASE} rename to finished`, 'postgres')
    await ask(`create database ${DEMO_DATABASE}`, 'postgres')
    try {
      await expect(prepareDemo(server.url, { scale: SCALE })).rejects.toThrow("is not the demo's")
    } finally {
      await ask(`drop database ${DEMO_DATABASE}`, 'postgres')
      await ask(`alter database finished rename to ${DEMO_DATABASE}`, 'postgres')
    }
  })
})

describe('the planted faults', () => {
  const inDatabase = PLANTED_FAULTS.filter((fault) => !fault.byTraffic)
  const isPresent = async (id: string) => (await ask(faultProbes[id]!))[0]?.present

  test('have an id of their own and a way back each', () => {
    expect(new Set(PLANTED_FAULTS.map((fault) => fault.id)).size).toBe(PLANTED_FAULTS.length)
    for (const fault of inDatabase) expect(fault.plant.length * fault.mend.length).toBeGreaterThan(0)
  })

  test.each(inDatabase.map((fault) => fault.id))('%s is there', async (id) => {
    expect(await isPresent(id)).toBe(true)
  })

  test('are the only ones of their kind among indexes', async () => {
    expect(await ask(UNINDEXED_KEYS)).toEqual([
      { key: 'delivery.message_recipient_id' },
      { key: 'evidence_file.answer_id' },
    ])
    expect((await ask(REDUNDANT)).map((row) => row.name)).toEqual([
      'conversation_message_conversation_id_idx',
      'message_recipient_member_id_idx',
      'message_recipient_member_idx',
    ])
  })

  test('are all gone when mended, and back when planted again', async () => {
    await mendFaults(server.url)
    for (const { id } of inDatabase) expect([id, await isPresent(id)]).toEqual([id, false])
    expect([...(await ask(UNINDEXED_KEYS)), ...(await ask(REDUNDANT))]).toEqual([])
    await plantFaults(server.url)
    for (const { id } of inDatabase) expect([id, await isPresent(id)]).toEqual([id, true])
  })
})

const UNINDEXED_KEYS = `
  select conrelid::regclass || '.' || a.attname as key
    from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
   where k.contype = 'f' and not exists (
           select from pg_index i where i.indrelid = k.conrelid and i.indisvalid and i.indkey[0] = k.conkey[1])
   order by 1`

const REDUNDANT = `
  select distinct small.indexrelid::regclass::text as name
    from pg_index small join pg_index large using (indrelid)
   where small.indexrelid <> large.indexrelid and not small.indisunique and small.indpred is null and large.indpred is null
     and (large.indkey::text || ' ') like (small.indkey::text || ' %')
   order by 1`

describe('the traffic', () => {
  test('runs without an error, keeps a transaction open, blocks a chain, and stops without leaving a connection', async () => {
    const traffic = await startTraffic(server.url, { callsPerSecond: 150 })
    try {
      await until(async () => traffic.counts().calls > 600, 'six hundred calls')
      await until(
        async () =>
          (
            await ask(
              `select from pg_stat_activity where application_name = 'messaging-report' and state = 'idle in transaction'`,
            )
          ).length === 1,
        'a forgotten transaction',
      )
      await until(
        async () =>
          (
            await ask(
              `select from pg_stat_activity third
                 join pg_stat_activity second on second.pid = any (pg_blocking_pids(third.pid))
                 join pg_stat_activity billing on billing.pid = any (pg_blocking_pids(second.pid))
                where billing.application_name = 'messaging-billing'`,
            )
          ).length === 1,
        'a chain of three sessions',
      )
      expect(traffic.counts()).toMatchObject({ errors: 0, lastError: null })
      expect(Object.keys(traffic.counts().requests).length).toBeGreaterThan(15)
    } finally {
      const since = Date.now()
      await traffic.stop()
      expect(Date.now() - since).toBeLessThan(2_000)
    }
    await until(async () => (await applicationBackends()) === 0, 'no connection left')
  })

  test('without faults opens no session but those of the pool', async () => {
    const traffic = await startTraffic(server.url, { faults: false, callsPerSecond: 150 })
    try {
      await until(async () => traffic.counts().calls > 300, 'three hundred calls')
      const names = await ask(
        "select distinct application_name as name from pg_stat_activity where usename = 'messaging_app'",
      )
      expect(names).toEqual([{ name: 'messaging-api' }])
      const { requests, errors } = traffic.counts()
      expect(errors).toBe(0)
      expect(Object.keys(requests).filter((name) => /N\+1|OFFSET/.test(name))).toEqual([])
    } finally {
      await traffic.stop()
    }
  })

  test('goes on after the server ended its connections', async () => {
    const traffic = await startTraffic(server.url)
    try {
      await until(async () => traffic.counts().calls > 30, 'thirty calls')
      await ask("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'messaging_app'")
      const { calls } = traffic.counts()
      await until(async () => traffic.counts().calls > calls + 60, 'sixty calls more')
    } finally {
      await traffic.stop()
    }
    await until(async () => (await applicationBackends()) === 0, 'no connection left')
  })

  test('goes on after a restart of the server, and stops in time while there is none', async () => {
    const traffic = await startTraffic(server.url)
    try {
      await until(async () => traffic.counts().calls > 30, 'thirty calls')
      await server.stop('immediate')
      await until(async () => traffic.counts().errors > 0, 'an error noticed')
      server = await startLocalServer({
        dir: server.dir,
        port: server.port,
        major: 18,
        settings: DEMO_SETTINGS,
        durable: false,
      })
      const { calls } = traffic.counts()
      await until(async () => traffic.counts().calls > calls + 60, 'sixty calls more')
      await server.stop()
    } finally {
      const since = Date.now()
      await traffic.stop()
      expect(Date.now() - since).toBeLessThan(2_000)
    }
  })

  test('rejects at once when there is no server', async () => {
    const nowhere = () => 'postgres://postgres@127.0.0.1:9/postgres'
    await expect(startTraffic(nowhere)).rejects.toThrow('ECONNREFUSED')
  })
})
