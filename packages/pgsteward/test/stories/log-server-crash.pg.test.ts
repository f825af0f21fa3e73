import pg from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { logServerCrash } from '../../src/checks/availability/log-server-crash.ts'
import { type LogStory, startLogStory, told } from '../postgres/log-story.ts'
import { reproductionOf } from '../postgres/reproduction.ts'

const [whoAmI] = reproductionOf('log-server-crash')
let story: LogStory

beforeAll(async () => {
  story = await startLogStory({}, { withoutDatabase: true })
})
afterAll(() => story.stop())

const connect = async () => {
  const client = new pg.Client({ connectionString: story.url() })
  // the server ends all sessions
  client.on('error', () => undefined)
  await client.connect()
  return client
}

// no remedy in SQL: a server that stays up is quiet by itself after a day
test('a process that is killed is found with what it was running, an ended session is not', async () => {
  const ended = await connect()
  const [{ pg_backend_pid: other }] = (await ended.query(whoAmI!)).rows
  const owner = await connect()
  await owner.query(`select pg_terminate_backend(${other})`)
  expect(await story.findings(logServerCrash)).toEqual([])

  const victim = await connect()
  const [{ pg_backend_pid: pid }] = (await victim.query(whoAmI!)).rows
  const running = victim.query("select pg_sleep(60), 'my secret'").catch(() => undefined)
  await vi.waitFor(async () => {
    const { rows } = await owner.query(
      `select 1 from pg_stat_activity where pid = ${pid} and state = 'active'`,
    )
    expect(rows).toHaveLength(1)
  })
  process.kill(pid, 'SIGKILL')
  await running
  // the session is gone before the server has noticed, logged it and started again
  const finding = await vi.waitFor(
    async () => {
      const [found] = await story.findings(logServerCrash)
      expect(found).toBeDefined()
      return found
    },
    { timeout: 20_000, interval: 100 },
  )
  expect(finding).toMatchObject({ subject: { kind: 'server' }, severity: 'critical' })
  expect(finding?.summary).toContain('killed')
  expect(told(finding, 'the log says')).toContain(`(PID ${pid}) was terminated by signal 9`)
  expect(told(finding, 'it was running')).toMatch(/^select pg_sleep\(\S+\), \S+$/)
  expect(JSON.stringify(finding)).not.toContain('my secret')
  expect(await story.findings(logServerCrash, { laterMs: 25 * 3_600_000 })).toEqual([])
})
