// A pgsteward over a shop's database whose statements lack an index, for tests of advice through the API and the browser.

import { mkdtempSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { loadConfig } from '../../src/app/config/load-config.ts'
import { Steward } from '../../src/app/steward.ts'
import { Views } from '../../src/app/views.ts'
import { ALL_CHECKS } from '../../src/checks/all.ts'
import { createServer } from '../../src/server/create-server.ts'
import { openStore } from '../../src/store/open-store.ts'
import { createDatabase, type TestDatabase } from '../postgres/database.ts'

export interface ParcelService {
  readonly database: TestDatabase
  readonly steward: Steward
  readonly server: FastifyInstance
  readonly stop: () => Promise<void>
}

/** Two targets: `shop`, and `away`, which can't be reached. Advice is sought only when asked for. */
export async function startParcelService(options: {
  readonly searchFor: string
  readonly dashboardDir: string | null
}): Promise<ParcelService> {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-advice-'))
  const database = await createDatabase()
  await database.run(
    'create extension pg_stat_statements',
    'create table parcel (id bigint primary key, shop_id int not null, sent_at timestamptz not null, note text)',
    `insert into parcel select i, i % 1000, timestamptz '2026-01-01' + i * interval '1 minute', repeat('n', 50)
       from generate_series(1, 100000) i`,
    'vacuum analyze parcel',
  )
  const { config } = await loadConfig({
    checks: ALL_CHECKS,
    cwd: dir,
    env: {},
    flags: {
      targets: [
        { id: 'shop', url: database.monitorUrl },
        { id: 'away', url: 'postgres://nobody:a-secret@127.0.0.1:1/none' },
      ],
      collect: { every: '1s' },
      advise: { enabled: false, firstAfter: '2s', searchFor: options.searchFor },
    },
  })
  const steward = new Steward(config, await openStore({ dir: join(dir, 'store') }), {
    cacheDir: join(homedir(), '.cache', 'pgsteward'),
  })
  steward.start()
  const server = await createServer({
    views: new Views(steward, () => new Date(), resolve(import.meta.dirname, '../../../../docs')),
    adminToken: 'a-token-of-some-length',
    host: '127.0.0.1',
    dashboardDir: options.dashboardDir,
    now: () => new Date(),
  })
  return {
    database,
    steward,
    server,
    stop: async () => {
      await server.close()
      await steward.stop()
      await database.drop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
