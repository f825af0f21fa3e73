import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createDatabase, startTestServer, type TestDatabase } from '../../../test/postgres/database.ts'
import type { LogPosition } from '../../model/log-event.ts'
import { openSession } from '../../postgres/connect.ts'
import type { LocalServer } from '../../postgres/local-server.ts'
import { serverFiles } from './server-files.ts'

let server: LocalServer
let database: TestDatabase
let now = Date.now()
let known = new Map<string, LogPosition>()

beforeAll(async () => {
  server = await startTestServer(14, {
    logging_collector: 'on',
    log_directory: 'log',
    log_filename: 'postgresql-%H%M%S.log',
    log_line_prefix: '%m [%p] ',
  })
  database = await createDatabase(server.url())
})
afterAll(async () => {
  await database.drop()
  await server.stop('immediate')
})

const source = () =>
  serverFiles({ open: () => openSession(database.monitorUrl), known, now: () => new Date(now) })

async function come(from: ReturnType<typeof serverFiles>) {
  const texts: string[] = []
  for (let turn = 0; turn < 20; turn++) {
    now += 61_000
    const { chunks, faults } = await from.poll(1_000_000)
    if (faults.length > 0) return faults[0]!.because
    for (const { bytes, position } of chunks) {
      texts.push(Buffer.from(bytes).toString())
      if (position !== null) known = new Map([['sql', position]])
    }
    if (chunks.length === 0) break
  }
  return texts.join('').match(/relation "\w+" does not exist/g) ?? []
}

const fail = async (name: string) => {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query(`select from ${name}`).catch(() => undefined)
  await client.end()
}

it('without the privilege says what to grant; with it reads on, over a rotation and a restart, once each', async () => {
  const denied = source()
  const because = await come(denied)
  expect(because).toContain('permission denied')
  const grant = /grant execute.*$/.exec(String(because))![0]
  await denied.close()
  await database.run(grant.replace('ROLE', 'test_monitor'))
  const first = source()
  await come(first)
  await fail('one')
  await expect.poll(() => come(first), { timeout: 10_000 }).toEqual(['relation "one" does not exist'])
  expect(await come(first)).toEqual([])
  await first.close()
  await fail('two')
  // a file of another name takes over
  await expect
    .poll(
      async () => {
        await database.query('select pg_rotate_logfile()')
        const [row] = await database.query<{ path: string }>('select pg_current_logfile() as path')
        return row?.path
      },
      { timeout: 20_000, interval: 1100 },
    )
    .not.toBe(known.get('sql')!.file)
  await fail('three')
  const second = source()
  const seen: string[] = []
  await expect
    .poll(
      async () => {
        const found = await come(second)
        if (Array.isArray(found)) seen.push(...found)
        return seen
      },
      { timeout: 10_000 },
    )
    .toEqual(['relation "two" does not exist', 'relation "three" does not exist'])
  await second.close()
})
