// The failover drill: readers and writers at work, the primary is killed, a watchman promotes the replica, the application follows by
// its second address. Counted: until when nothing was written, which requests failed, and which acknowledged writes are gone.

import { setTimeout as sleep } from 'node:timers/promises'
import { startAppProcess } from '../examples/messaging/src/app-process.ts'
import { DEMO_DATABASE } from '../examples/messaging/src/index.ts'
import { startLocalReplica } from '../packages/pgsteward/src/postgres/local-replica.ts'
import type { FailoverFigures } from '../packages/pgsteward/src/report/scaling-playbook.ts'
import { type Ground, query } from './elasticity-setup.ts'

export interface Drill extends FailoverFigures {
  readonly label: string
  /** Reads that were answered while there was no primary. */
  readonly readsMeanwhile: number
}

/** The watchman asks every quarter of a second, and believes it at the third silence. */
const ASKED_EVERY_MS = 250
const SILENCES = 3
const WRITERS = 4
const READERS = 4

export async function failoverDrill(
  ground: Ground,
  token: string,
  { isSynchronous, seconds }: { readonly isSynchronous: boolean; readonly seconds: number },
): Promise<Drill> {
  const replica = await startLocalReplica(ground.server(), { dir: ground.folder() })
  const name = `Drill ${isSynchronous ? 'synchronous' : 'asynchronous'}`
  if (isSynchronous) {
    await query(ground.databaseUrl, "alter system set synchronous_standby_names = 'pgsteward_replica'")
    await query(ground.databaseUrl, 'select pg_reload_conf()')
  }
  const app = await startAppProcess({
    DATABASE_URL: ground.databaseUrl,
    FAILOVER_URL: replica.url(DEMO_DATABASE),
    REPLICA_URL: replica.url(DEMO_DATABASE),
    POOL_SIZE: '10',
  })
  const acknowledged: string[] = []
  let [requests, failed, readsMeanwhile, number] = [0, 0, 0, 0]
  let killedAt = Number.POSITIVE_INFINITY
  let recoveredMs: number | null = null
  let isOver = false
  const send = async (method: string, body?: unknown): Promise<boolean> => {
    requests += 1
    const answer = await fetch(`${app.url}/api/groups`, {
      method,
      headers: { cookie: `session=${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    }).catch(() => null)
    await answer?.arrayBuffer().catch(() => {})
    if (answer?.ok !== true) failed += 1
    return answer?.ok === true
  }
  const writer = async () => {
    while (!isOver) {
      const group = `${name} ${number++}`
      const sentAt = performance.now()
      if (await send('POST', { name: group })) {
        acknowledged.push(group)
        if (sentAt > killedAt) recoveredMs ??= performance.now() - killedAt
      } else await sleep(20) // as a patient client; without it the count of failures measures only our haste
    }
  }
  const reader = async () => {
    while (!isOver) {
      const isDuring = performance.now() > killedAt && recoveredMs === null
      if (!(await send('GET'))) await sleep(20)
      else if (isDuring && recoveredMs === null) readsMeanwhile += 1
      await sleep(5)
    }
  }
  try {
    const work = [...Array.from({ length: WRITERS }, writer), ...Array.from({ length: READERS }, reader)]
    await sleep(seconds * 1000)
    killedAt = performance.now()
    await ground.server().stop('immediate')
    let promotedMs = 0
    for (let silences = 0; silences < SILENCES; await sleep(ASKED_EVERY_MS))
      silences = (await query(ground.databaseUrl, 'select 1').catch(() => null)) === null ? silences + 1 : 0
    await replica.promote()
    promotedMs = performance.now() - killedAt
    const deadline = performance.now() + 60_000
    while (recoveredMs === null && performance.now() < deadline) await sleep(20)
    await sleep(seconds * 500)
    isOver = true
    await Promise.all(work)
    const rows = await query<{ name: string }>(
      replica.url(DEMO_DATABASE),
      'select name from member_group where name like $1',
      [`${name} %`],
    )
    const there = new Set(rows.map((row) => row.name))
    return {
      label: isSynchronous ? 'replica waited for (synchronous)' : 'replica not waited for',
      promotedMs,
      recoveredMs: recoveredMs ?? Number.POSITIVE_INFINITY,
      requestsFailed: failed,
      requests,
      readsMeanwhile,
      writesAcknowledged: acknowledged.length,
      writesLost: acknowledged.filter((group) => !there.has(group)).length,
    }
  } finally {
    isOver = true
    await app.stop(2_000)
    await replica.stop('immediate')
  }
}
