// The demo database on a real server, small: built whole or not at all, its faults present, mended and planted again.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LocalServer, startLocalServer } from '../../../packages/pgsteward/src/postgres/local-server.ts'
import { faultProbes } from './fault-probes.ts'
import {
  APPLICATION_FAULTS,
  type Application,
  DEMO_DATABASE,
  DEMO_SETTINGS,
  mendFaults,
  monitorUrl,
  PLANTED_FAULTS,
  plantFaults,
  prepareDemo,
  startApplication,
} from './index.ts'
import { CATALOG } from './testing/catalog.ts'
import { migrate } from './testing/test-app.ts'

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

  test('gives the monitoring role what it reads, and nothing to write', async () => {
    const client = new pg.Client(monitorUrl(server.url))
    await client.connect()
    try {
      const seen = await client.query('select count(*) from pg_stat_statements where query is not null')
      expect(Number(seen.rows[0].count)).toBeGreaterThan(10)
      expect((await client.query('select from church limit 1')).rowCount).toBe(1)
      await expect(client.query('delete from church')).rejects.toThrow('permission denied')
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
  const isPresent = async (id: string) => (await ask(faultProbes[id]!))[0]?.present

  test('have an id of their own and a way back each', () => {
    expect(new Set(PLANTED_FAULTS.map((fault) => fault.id)).size).toBe(PLANTED_FAULTS.length)
    for (const fault of PLANTED_FAULTS) expect(fault.plant.length * fault.mend.length).toBeGreaterThan(0)
  })

  test.each(PLANTED_FAULTS.map((fault) => fault.id))('%s is there', async (id) => {
    expect(await isPresent(id)).toBe(true)
  })

  test('are the only ones of their kind among indexes', async () => {
    expect(await ask(UNINDEXED_KEYS)).toEqual([
      { key: 'assessment.church_id' },
      { key: 'conversation.church_id' },
      { key: 'conversation_message.conversation_id' },
      { key: 'delivery.church_id' },
      { key: 'delivery.message_recipient_id' },
      { key: 'evidence_file.answer_id' },
      { key: 'message.church_id' },
      { key: 'payment.church_id' },
    ])
    expect((await ask(REDUNDANT)).map((row) => row.name)).toEqual([
      'answer_assessment_id_idx',
      'message_recipient_member_id_idx',
      'message_recipient_member_idx',
    ])
  })

  test('are all gone when mended, and back when planted again', async () => {
    await mendFaults(server.url)
    for (const { id } of PLANTED_FAULTS) expect([id, await isPresent(id)]).toEqual([id, false])
    expect([...(await ask(UNINDEXED_KEYS)), ...(await ask(REDUNDANT))]).toEqual([])
    await ask('create database migrated', 'postgres')
    await migrate(server.url('migrated'))
    expect(await ask(CATALOG)).toEqual(await ask(CATALOG, 'migrated'))
    await ask('drop database migrated', 'postgres')
    await plantFaults(server.url)
    for (const { id } of PLANTED_FAULTS) expect([id, await isPresent(id)]).toEqual([id, true])
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

describe('the application', () => {
  const visits = (application: Application) =>
    Object.values(application.counts().visits).reduce((sum, count) => sum + count, 0)

  test('answers staff without an error, keeps a transaction open, blocks a chain, and leaves no connection', async () => {
    const application = await startApplication(server.url, { requestsPerSecond: 20 })
    try {
      await until(async () => visits(application) > 100, 'a hundred visits', 60_000)
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
                where billing.application_name = 'messaging-billing' and third.query ~ 'messages_used \\+ 1'`,
            )
          ).length >= 1,
        'a chain of three sessions',
        60_000,
      )
      expect(application.counts()).toMatchObject({ errors: 0, lastError: null })
      expect(Object.keys(application.counts().visits).length).toBeGreaterThan(15)
    } finally {
      const since = Date.now()
      await application.stop()
      expect(Date.now() - since).toBeLessThan(2_000)
    }
    await until(async () => (await applicationBackends()) === 0, 'no connection left')
  })

  test('without faults opens no session but those of its pool, and each fault can be switched', async () => {
    const application = await startApplication(server.url, { faults: false, requestsPerSecond: 20 })
    try {
      await until(async () => visits(application) > 50, 'fifty visits', 60_000)
      const sessions = async () =>
        (
          await ask(
            `select distinct application_name as name from pg_stat_activity
              where usename = 'messaging_app' and application_name <> 'messaging-retention' order by 1`,
          )
        ).map((row) => row.name)
      expect(await sessions()).toEqual(['messaging-api'])
      expect(application.counts().errors).toBe(0)
      expect(Object.keys(application.counts().visits)).not.toContain('browse the audit log by page')
      for (const { id } of APPLICATION_FAULTS) await application.setFault(id, true)
      await until(async () => (await sessions()).includes('messaging-report'), 'a forgotten transaction')
      for (const { id } of APPLICATION_FAULTS) await application.setFault(id, false)
      await until(async () => (await sessions()).join() === 'messaging-api', 'only the pool', 40_000)
      await expect(application.setFault('no-such-fault', true)).rejects.toThrow('no fault')
    } finally {
      await application.stop()
    }
  })

  test('goes on after the server ended its connections', async () => {
    const application = await startApplication(server.url, { faults: false })
    try {
      await until(async () => visits(application) > 10, 'ten visits', 60_000)
      await ask("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'messaging_app'")
      const before = visits(application)
      await until(async () => visits(application) > before + 20, 'twenty visits more', 60_000)
    } finally {
      await application.stop()
    }
    await until(async () => (await applicationBackends()) === 0, 'no connection left')
  })

  test('goes on after a restart of the server, and stops in time while there is none', async () => {
    const application = await startApplication(server.url)
    try {
      await until(async () => visits(application) > 10, 'ten visits', 60_000)
      await server.stop('immediate')
      await until(async () => application.counts().errors > 0, 'an error noticed')
      server = await startLocalServer({
        dir: server.dir,
        port: server.port,
        major: 18,
        settings: DEMO_SETTINGS,
        durable: false,
      })
      const before = visits(application)
      await until(async () => visits(application) > before + 20, 'twenty visits more', 60_000)
      await server.stop()
    } finally {
      const since = Date.now()
      await application.stop()
      expect(Date.now() - since).toBeLessThan(2_000)
    }
  })

  test('rejects at once when there is no server', async () => {
    const nowhere = () => 'postgres://postgres@127.0.0.1:9/postgres'
    await expect(startApplication(nowhere)).rejects.toThrow('ECONNREFUSED')
  })
})
