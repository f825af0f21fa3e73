// Each way in which a connection can fail has one clear message, names no password, and ends in exit code 3.

import { createServer } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TcpProxy } from '../../../../scripts/faults/tcp-proxy.ts'
import { EXIT, StewardError } from '../../src/model/error.ts'
import { openSession } from '../../src/postgres/connect.ts'
import { freePort } from '../../src/postgres/local-server.ts'
import { createDatabase, type TestDatabase } from './database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

async function failure(url: string, connectTimeoutMs = 2000): Promise<StewardError> {
  const error = await openSession(url, { connectTimeoutMs }).then(
    async (session) => {
      await session.close()
      throw new Error('it connected')
    },
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(StewardError)
  const steward = error as StewardError
  expect(steward.exitCode).toBe(EXIT.unreachable)
  expect(steward.hint).toBeTruthy()
  expect(`${steward.message} ${steward.detail} ${steward.hint}`).not.toContain('s3cret')
  return steward
}

const changed = (change: (url: URL) => void) => {
  const url = new URL(database.monitorUrl)
  change(url)
  return url.href
}

test('something that is no URL', async () => {
  expect(await failure('localhost:5432/shop')).toMatchObject({ code: 'target-url-invalid' })
  expect(await failure('mysql://u:s3cret@localhost/shop')).toMatchObject({ code: 'target-url-invalid' })
})

test('an unknown host', async () => {
  expect(await failure('postgres://u:s3cret@no-such-host.invalid/shop')).toMatchObject({
    code: 'target-host-unknown',
  })
})

test('a port where nobody listens', async () => {
  expect(await failure(`postgres://u:s3cret@127.0.0.1:${await freePort()}/shop`)).toMatchObject({
    code: 'target-refused',
  })
})

test('a server that takes the connection and never answers', async () => {
  const mute = createServer(() => undefined)
  await new Promise<void>((listening) => mute.listen(0, '127.0.0.1', listening))
  const { port } = mute.address() as { port: number }
  expect(await failure(`postgres://u:s3cret@127.0.0.1:${port}/shop`, 300)).toMatchObject({
    code: 'target-timeout',
  })
  mute.close()
})

test('a server that lets a session in and says nothing more', async () => {
  const proxy = await TcpProxy.start({ port: Number(new URL(database.url).port) })
  proxy.become({ kind: 'silent once let in' })
  try {
    expect(await failure(proxy.through(database.monitorUrl), 1_000)).toMatchObject({ code: 'target-timeout' })
  } finally {
    await proxy.close()
  }
})

test('a wrong password', async () => {
  expect(
    await failure(
      changed((url) => {
        url.password = 's3cret'
      }),
    ),
  ).toMatchObject({ code: 'target-authentication' })
})

test('no password where one is wanted', async () => {
  expect(
    await failure(
      changed((url) => {
        url.password = ''
      }),
    ),
  ).toMatchObject({ code: 'target-authentication' })
})

test('a database that does not exist', async () => {
  expect(
    await failure(
      changed((url) => {
        url.pathname = '/atlantis'
      }),
    ),
  ).toMatchObject({ code: 'target-database-missing', message: expect.stringContaining('atlantis') })
})

test('TLS demanded of a server that has none', async () => {
  expect(
    await failure(
      changed((url) => {
        url.searchParams.set('sslmode', 'require')
      }),
    ),
  ).toMatchObject({ code: 'target-tls' })
})

test('a role that may not connect', async () => {
  await database.run(`revoke connect on database ${database.name} from public`)
  expect(await failure(database.monitorUrl)).toMatchObject({ code: 'target-permission' })
  await database.run(`grant connect on database ${database.name} to public`)
})

test('a session can read, and nothing else', async () => {
  const session = await openSession(database.url)
  try {
    await expect(session.query('test', 'create table written (x int)')).rejects.toThrow(
      /read-only transaction/,
    )
    const settings = await session.query(
      'test',
      "select name, setting from pg_catalog.pg_settings where name in ('statement_timeout', 'lock_timeout') order by name",
    )
    expect(settings.rows).toEqual([
      { name: 'lock_timeout', setting: '1000' },
      { name: 'statement_timeout', setting: '10000' },
    ])
  } finally {
    await session.close()
  }
})

test('a session that the server ends says so, and is closed', async () => {
  const session = await openSession(database.url)
  await database.query(
    "select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity where application_name = 'pgsteward' and datname = current_database()",
  )
  await expect(session.query('test', 'select 1')).rejects.toMatchObject({ code: 'target-lost' })
  expect(session.isOpen()).toBe(false)
  await session.close()
})
