// A database of a hundred thousand tables with their indexes.

import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { OutcomeWire } from '../../packages/pgsteward/src/model/wire.ts'
import type { Fault } from './fault.ts'
import { runOn, until } from './ground.ts'
import {
  count,
  expectEnd,
  expectTruth,
  keptReadings,
  longestGapMs,
  megabytes,
  seconds,
} from './kept-readings.ts'

const TABLES = 100_000
const AT_ONCE = 2_000
const SESSIONS = 2
const WATCHED_MS = 60_000
const PACE_MS = 15_000
/** Of tables, indexes and their sizes 20,000 rows each are read and kept at most. */
const MOST_MB = 1_500

export const manyTables: Fault = {
  id: 'many-tables',
  title: '100,000 tables',
  done: `A database of ${TABLES.toLocaleString('en-US')} tables with a primary key each is watched for ${WATCHED_MS / 1000} s, with the default timeouts, beside an ordinary one`,
  holds:
    'No reading is blind for good by our own timeouts; statements are read at their pace; the other target is not held up; memory stays bounded',
  async run(ground, expect) {
    const server = await ground.server('target', {
      settings: { max_locks_per_transaction: '1024', autovacuum: 'off', maintenance_work_mem: '256MB' },
    })
    const other = await ground.server('other')
    const began = performance.now()
    const each = TABLES / SESSIONS
    await Promise.all(
      Array.from({ length: SESSIONS }, (_, session) =>
        runOn(
          server.url(),
          Array.from(
            { length: each / AT_ONCE },
            (_, batch) => `do $$ begin
              for i in ${session * each + batch * AT_ONCE + 1}..${session * each + (batch + 1) * AT_ONCE} loop
                execute format('create table many_%s (id int primary key, tenant_id int)', i);
              end loop; end $$`,
          ),
        ),
      ),
    )
    await server.run(
      'analyze pg_catalog.pg_class',
      'analyze pg_catalog.pg_index',
      'analyze pg_catalog.pg_attribute',
    )
    const builtMs = performance.now() - began
    const ledger = await ground.ledger(server.url())
    const process = await ground.watch({ targets: { shop: server.monitorUrl(), other: other.monitorUrl() } })
    await process.listening()
    const startedAt = Date.now()
    const firstMs = await until(() => process.hasReadSince('shop', 0), 120_000)
    await until(() => process.hasReadSince('other', 0), 60_000)
    const watchedAt = Date.now()
    await sleep(WATCHED_MS)
    const outcomes = await process.json<OutcomeWire[]>('/api/v1/targets/shop/checks')
    const blind = outcomes.filter(
      ({ status, because }) => status === 'failed' || /timeout|did not answer/.test(because ?? ''),
    )
    const endedAt = Date.now()
    const code = await process.stop()
    await ledger.stop()
    const kept = await keptReadings({ dir: join(ground.dir, 'store') }, 'shop')
    const others = await keptReadings({ dir: join(ground.dir, 'store') }, 'other')
    const gapMs = longestGapMs(kept.snapshots, watchedAt, endedAt)
    const otherGapMs = longestGapMs(others.snapshots, startedAt, endedAt)
    expect.that(firstMs !== null, `built in ${seconds(builtMs)}; the first reading took ${seconds(firstMs)}`)
    expect.that(
      blind.length === 0,
      `${blind.length} of ${count(outcomes.length)} checks without their facts for a timeout${blind.length === 0 ? '' : ` (${blind.map(({ checkId, because }) => `${checkId}: ${because}`).join(', ')})`}`,
    )
    expect.that(gapMs < 2 * PACE_MS, `never more than ${seconds(gapMs)} between its readings`)
    expect.that(otherGapMs < PACE_MS, `the other target: ${seconds(otherGapMs)}`)
    expectEnd(expect, process, code, MOST_MB)
    expect.that(
      kept.sizeBytes < 500 * 2 ** 20,
      `the store holds ${megabytes(kept.sizeBytes / 2 ** 20)} after a minute`,
    )
    expectTruth(expect, kept, ledger)
    return 'no interruption'
  },
}
