// What real servers log of statements, read back: durations, parameters, plans of auto_explain in both formats.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer } from '../../test/postgres/database.ts'
import type { LogEvent } from '../model/log-event.ts'
import type { LocalServer } from '../postgres/local-server.ts'
import { logReader } from './log-reader.ts'
import { eventReader } from './read-event.ts'

const PREFIX = '%m [%p] %q%u@%d %a '

describe.each([14, 16, 18] as const)('PostgreSQL %i', (major) => {
  let server: LocalServer
  let client: pg.Client
  beforeAll(async () => {
    server = await startTestServer(major, {
      log_line_prefix: PREFIX,
      log_statement: 'none',
      log_min_duration_statement: '0',
      log_parameter_max_length_on_error: '-1',
      session_preload_libraries: 'auto_explain',
      compute_query_id: 'on',
    })
    client = new pg.Client({ connectionString: server.url(), application_name: 'my app' })
    await client.connect()
    await client.query('create table member (id int primary key, email text unique, password text)')
    await client.query("insert into member values (1, 'me@example.com', 'hunter2')")
  })
  afterAll(async () => {
    await client.end()
    await server.stop('immediate')
  })

  /** What the log says since its start, for statements that hold `mark`. */
  const events = (mark: string, options = {}): LogEvent[] => {
    const found: LogEvent[] = []
    const read = eventReader(options)
    const reader = logReader({ onEntry: (entry) => found.push(read(entry)) })
    reader.write(readFileSync(join(server.dir, 'server.log')))
    reader.end()
    expect(reader.format()).toBe(`stderr '${PREFIX}'`)
    expect(reader.counts().unreadable).toBe(0)
    return found.filter(({ query }) => query?.includes(mark) === true)
  }

  test('durations, with parameters', async () => {
    await client.query('select id as first_mark from member where id = $1 and password = $2', [1, 'hunter2'])
    await client.query("select id as second_mark from member where email = 'me@example.com' and id = 42")
    expect(events('first_mark').at(-1)).toMatchObject({
      user: 'postgres',
      database: 'postgres',
      application: 'my app',
      message: expect.stringMatching(/^duration: [\d.]+ ms {2}execute <unnamed>$/),
      durationMs: expect.any(Number),
      query: 'select id as first_mark from member where id = $1 and password = $2',
      parameters: ['1', '[redacted]'],
      detail: null,
    })
    expect(events('second_mark').at(-1)).toMatchObject({
      query: 'select id as second_mark from member where email = ? and id = ?',
      parameters: null,
    })
    expect(events('first_mark', { redact: false }).at(-1)!.parameters).toEqual(['1', 'hunter2'])
  })

  test('errors, with their statements and without their values', async () => {
    const insert = "insert into member (id, email, password) values ($1, 'me@example.com', $2)"
    await expect(client.query(insert, [2, 'hunter2'])).rejects.toThrow()
    const [event] = events('insert into member (id, email, password)').filter(
      ({ severity }) => severity === 'ERROR',
    )
    expect(event).toMatchObject({
      message: 'duplicate key value violates unique constraint "member_email_key"',
      detail: 'Key (email)=(?) already exists.',
      query: 'insert into member (id, email, password) values ($1, ?, $2)',
    })
    expect(JSON.stringify(event)).not.toMatch(/hunter2|example\.com/)
  })

  test.each(['text', 'json'] as const)('plans as %s', async (format) => {
    await client.query('set auto_explain.log_min_duration = 0')
    await client.query(`set auto_explain.log_format = ${format}`)
    await client.query(
      'set auto_explain.log_analyze = on; set auto_explain.log_verbose = on; set auto_explain.log_buffers = on',
    )
    const sql = `select m.id as ${format}_mark\nfrom member m\nwhere m.email = 'me@example.com' or m.id = $1`
    await client.query(sql, [7])
    await client.query('set auto_explain.log_min_duration = -1')
    const event = events(`${format}_mark`).find(({ plan }) => plan !== null)!
    expect(event).toMatchObject({
      message: expect.stringMatching(/^duration: [\d.]+ ms {2}plan$/),
      query: sql.replace("'me@example.com'", '?'),
      // auto_explain tells it from 16 on; before, %Q or the other formats do
      queryId: major >= 16 ? expect.stringMatching(/^-?\d+$/) : null,
      parameters: major >= 16 ? ['7'] : null,
      plan: { 'Plan Rows': expect.any(Number), 'Actual Rows': 1, 'Shared Hit Blocks': expect.any(Number) },
    })
    expect(JSON.stringify(event.plan)).toContain("email = '?'")
  })

  test.each(['xml', 'yaml'] as const)('plans as %s are named, not read', async (format) => {
    await client.query('set auto_explain.log_min_duration = 0')
    await client.query(`set auto_explain.log_format = ${format}`)
    await client.query("select id from member where email = 'hunter2@example.com'")
    await client.query('set auto_explain.log_min_duration = -1')
    const found: LogEvent[] = []
    const read = eventReader()
    const reader = logReader({ onEntry: (entry) => found.push(read(entry)) })
    reader.write(readFileSync(join(server.dir, 'server.log')))
    reader.end()
    expect(found.filter(({ message }) => message.endsWith(`plan (${format}, not read)`))).not.toEqual([])
    expect(JSON.stringify(found)).not.toContain('hunter2')
  })
})
