// The primary dies, its replica is promoted, and the address leads to it.

import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startLocalReplica } from '../../packages/pgsteward/src/postgres/local-replica.ts'
import type { Fault } from './fault.ts'
import { removeCluster, runOn, until } from './ground.ts'
import { expectEnd, expectTruth, keptReadings, seconds } from './kept-readings.ts'

const HISTORY = 20_000

export const failover: Fault = {
  id: 'failover',
  title: 'Failover',
  done: `The primary crashes, its streaming replica, whose own counters stand at ${HISTORY.toLocaleString('en-US')} calls of another statement, is promoted, and the one address of both leads there; readers and writer follow`,
  holds:
    'Told as down, then read again without help; marked as a failover; what the new primary counted before is not taken for an increase; role and version are as they are',
  async run(ground, expect) {
    const primary = await ground.server('primary', { settings: { wal_level: 'replica' } })
    const replica = await startLocalReplica(primary.server(), {
      dir: ground.folder('replica'),
      settings: { shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.track': 'all' },
    })
    ground.later(async () => {
      await replica.stop('immediate')
      removeCluster(replica)
    })
    await replica.caughtUp()
    await runOn(
      replica.url(),
      Array.from({ length: HISTORY / 100 }, () => Array(100).fill('select n from ledger').join(';')),
    )
    const proxy = await ground.proxy({ port: primary.server().port })
    const ledger = await ground.ledger(proxy.through(primary.url()))
    const process = await ground.watch({ targets: { shop: proxy.through(primary.monitorUrl()) } })
    await process.listening()
    if ((await until(() => process.hasReadSince('shop', 0), 60_000)) === null)
      throw new Error(`never read:\n${process.output}`)
    await sleep(8_000)
    await primary.stop('immediate')
    const toldMs = await until(async () => (await process.target('shop'))?.status === 'down', 30_000)
    await replica.promote()
    proxy.leadTo({ port: replica.port })
    const over = Date.now()
    const backMs = await until(() => process.hasReadSince('shop', over), 90_000)
    await sleep(8_000)
    const target = await process.target('shop')
    const code = await process.stop()
    await ledger.stop()
    const kept = await keptReadings({ dir: join(ground.dir, 'store') }, 'shop')
    expect.that(toldMs !== null, `told as down after ${seconds(toldMs)}`)
    expect.that(
      backMs !== null && target?.role === 'primary',
      `read again after ${seconds(backMs)}, as ${target?.role}`,
    )
    expect.that(kept.breaks.includes('failover'), `breaks kept: ${kept.breaks.join(', ') || 'none'}`)
    expect.that(
      kept.rawCalls < HISTORY,
      `${Math.round(kept.rawCalls)} calls told in all, none of the ${HISTORY} of before`,
    )
    expectTruth(expect, kept, ledger)
    expectEnd(expect, process, code)
    return seconds(backMs)
  },
}
