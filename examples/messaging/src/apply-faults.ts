// Plants and mends the faults of planted-faults.ts.

import pg from 'pg'
import { DEMO_DATABASE } from './demo-settings.ts'
import type { SuperuserUrl } from './demo-url.ts'
import { PLANTED_FAULTS, type PlantedFault } from './planted-faults.ts'

/** Bulk work needs no wait for the disk; pg_stat_statements and the log shall show the application alone. */
export const QUIETLY = `
  set synchronous_commit = off;
  set wal_compression = off;
  set work_mem = '64MB';
  set maintenance_work_mem = '256MB';
  set pg_stat_statements.track = none;
  set auto_explain.log_min_duration = -1;
  set log_min_duration_statement = -1;
  set log_temp_files = -1;`

/** Puts all faults (back) into the demo database. Each is repeatable. */
export async function plantFaults(superuserUrl: SuperuserUrl): Promise<void> {
  await withClient(superuserUrl(DEMO_DATABASE), plantWith)
}

/** Mends all faults of the database. A changed role setting reaches new connections only. */
export async function mendFaults(superuserUrl: SuperuserUrl): Promise<void> {
  await withClient(superuserUrl(DEMO_DATABASE), async (client) => {
    await client.query(QUIETLY)
    for (const fault of PLANTED_FAULTS) for (const sql of fault.mend) await client.query(sql)
  })
}

export async function plantWith(client: pg.Client): Promise<void> {
  await client.query(QUIETLY)
  for (const fault of PLANTED_FAULTS) await plant(client, fault)
}

async function plant(client: pg.Client, fault: PlantedFault): Promise<void> {
  for (const [index, sql] of fault.plant.entries()) {
    const shallFail = fault.failsWith !== undefined && index === fault.plant.length - 1
    try {
      await client.query(sql)
    } catch (error) {
      if (shallFail && (error as { code?: string }).code === fault.failsWith) continue
      throw error
    }
  }
}

async function withClient(url: string, run: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'messaging-demo' })
  client.on('error', () => {}) // the query in flight rejects too, and that is enough
  await client.connect()
  try {
    await run(client)
  } finally {
    await client.end()
  }
}
