// The twin as a private native server of the target's own major version: the most faithful host, where its binaries are installed.

import { join } from 'node:path'
import { startLocalServer } from '../../postgres/local-server.ts'
import { openPrivateSession } from '../../postgres/private-session.ts'
import type { Answer, Sent, TwinHost } from './host.ts'
import {
  copyNativeCluster,
  DATABASE,
  type NativeCluster,
  PLANNER,
  removeElsewhere,
} from './native-cluster.ts'

export interface NativeHostOptions extends NativeCluster {
  readonly dir: string
}

/** Nothing may scan, vacuum or log in a twin: its files are longer than the disk. */
const SETTINGS = {
  autovacuum: 'off',
  shared_buffers: '16MB',
  max_connections: '10',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '1GB',
  wal_init_zero: 'off',
  // a plan may run the target's own functions
  statement_timeout: '60s',
}

/** Half a second, two more the first time (initdb), and a server process of some 30 MB. Throws 'demo-unavailable' where the binaries are missing. */
export async function startNativeHost(options: NativeHostOptions): Promise<TwinHost> {
  const folder = await copyNativeCluster(options.dir, options)
  const server = await startLocalServer({
    dir: options.dir,
    major: options.major,
    durable: false,
    settings: SETTINGS,
  }).catch((error) => {
    removeElsewhere(folder, options.dir)
    throw error
  })
  try {
    const session = await openPrivateSession(server.url(DATABASE))
    const planner = await openPrivateSession(server.url(DATABASE).replace('//postgres:', `//${PLANNER}:`))
    const version = await session.ask("select pg_catalog.current_setting('server_version_num')")
    const sessions = { ask: session.ask, plan: planner.ask }
    let last: Promise<unknown> = Promise.resolve()
    const sendAll = (texts: readonly Sent[]): Promise<readonly Answer[]> => {
      const answers = last.then(async () => {
        const all: Answer[] = []
        for (const { to, sql } of texts) all.push(await sessions[to](sql))
        return all
      })
      last = answers.catch(() => undefined)
      return answers
    }
    return {
      kind: 'native',
      versionNum: Number(version.rows[0]![0]),
      dataDir: join(server.dir, 'data'),
      ask: session.ask,
      plan: planner.ask,
      sendAll,
      close: async () => {
        await Promise.all([session.close(), planner.close()])
        await server.stop('immediate')
        removeElsewhere(server.dir, options.dir)
      },
    }
  } catch (error) {
    await server.stop('immediate')
    removeElsewhere(server.dir, options.dir)
    throw error
  }
}
