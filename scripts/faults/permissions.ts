// The rights of the role are taken away while it is watched, and given back.

import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { FindingWire, OutcomeWire } from '../../packages/pgsteward/src/model/wire.ts'
import type { Fault } from './fault.ts'
import { until } from './ground.ts'
import { expectEnd, expectTruth, keptReadings, seconds } from './kept-readings.ts'

const FOR_MS = 8_000

/** Several questions each time: more often the API would answer that they are too many. */
const PAUSE_MS = 500
const FINDING = 'idle-in-transaction'

export const permissions: Fault = {
  id: 'permissions',
  title: 'Permission revoked at run time',
  done: `pg_monitor, then EXECUTE on pg_stat_statements, then CONNECT (with its sessions ended) are revoked for ${FOR_MS / 1000} s each and granted again, while a session of another role idles in a transaction`,
  holds:
    'What cannot be seen is skipped with the grant that mends it; the open finding stays open; nothing is invented when rows are seen again; the rest goes on',
  async run(ground, expect) {
    const server = await ground.server('target')
    // calls of long ago, which must never count as made just now
    await server.run(`do $$ begin for i in 1..5000 loop update ledger set n = n + 1; end loop; end $$`)
    const ledger = await ground.ledger(server.url())
    const idle = new pg.Client({ connectionString: server.url(), application_name: 'forgetful' })
    idle.on('error', () => undefined)
    await idle.connect()
    ground.later(() => idle.end())
    await idle.query('begin')
    await idle.query('select 1')
    const process = await ground.watch({
      targets: { shop: server.monitorUrl() },
      config: { checks: { [FINDING]: { warnAfter: '2s' } } },
    })
    await process.listening()
    const findings = async () =>
      (await process.json<FindingWire[]>('/api/v1/targets/shop/findings')).filter(
        ({ checkId }) => checkId === FINDING,
      )
    const isOpen = async () => (await findings()).some(({ state }) => state === 'open')
    const openMs = await until(isOpen, 90_000)
    expect.that(openMs !== null, `the finding opened after ${seconds(openMs)}`)
    const skips = async () =>
      (await process.json<OutcomeWire[]>('/api/v1/targets/shop/checks')).filter(
        ({ status }) => status === 'skipped',
      )
    const before = new Set((await skips()).map(({ checkId }) => checkId))
    const more = async () => (await skips()).filter(({ checkId }) => !before.has(checkId))
    const recovered: string[] = []
    const fault = async (
      name: string,
      revoke: readonly string[],
      grant: readonly string[],
      isSeen: () => Promise<boolean>,
    ) => {
      await server.run(...revoke)
      const toldMs = await until(isSeen, FOR_MS + 20_000, PAUSE_MS)
      await sleep(FOR_MS)
      const stays = await isOpen()
      await server.run(...grant)
      const over = Date.now()
      const backMs = await until(
        async () =>
          (await process.hasReadSince('shop', over)) && !(await isSeen()) && (await more()).length === 0,
        90_000,
        PAUSE_MS,
      )
      expect.that(toldMs !== null, `${name}: told after ${seconds(toldMs)}`)
      expect.that(stays, stays ? 'finding stays open' : 'finding resolved')
      const blind = backMs === null ? await more() : []
      expect.that(
        backMs !== null,
        `all seen again after ${seconds(backMs)}${blind.map((each) => ` (${each.checkId}: ${each.because})`).join('')}`,
      )
      recovered.push(`${name} ${seconds(backMs)}`)
      await sleep(3_000)
    }
    const isSkippedFor = (words: string) => async () =>
      (await skips()).some(({ because }) => because?.includes(words) === true)
    await fault(
      'pg_monitor',
      ['revoke pg_monitor from watcher'],
      ['grant pg_monitor to watcher'],
      isSkippedFor('grant pg_monitor'),
    )
    const all = await server.run(
      "select string_agg(p.oid::regprocedure::text, ', ') as names from pg_proc p where p.proname like 'pg_stat_statements%' and p.proname not like '%reset'",
    )
    const functions = all.rows[0].names
    await fault(
      'EXECUTE',
      [`revoke execute on function ${functions} from public`],
      [`grant execute on function ${functions} to public`],
      isSkippedFor('permission denied for function pg_stat_statements'),
    )
    await fault(
      'CONNECT',
      [
        'revoke connect on database postgres from public',
        "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'watcher'",
      ],
      ['grant connect on database postgres to public'],
      async () => (await process.target('shop'))?.status === 'down',
    )
    const code = await process.stop()
    await ledger.stop()
    const kept = await keptReadings({ dir: join(ground.dir, 'store') }, 'shop')
    const { coveredMs, spanMs } = expectTruth(expect, kept, ledger)
    expect.that(
      coveredMs > spanMs * 0.8,
      `increases cover ${Math.round((coveredMs / spanMs) * 100)} % of the time`,
    )
    expectEnd(expect, process, code)
    return recovered.join(', ')
  },
}
