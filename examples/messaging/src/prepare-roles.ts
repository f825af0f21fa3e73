// The demo's two roles: the application's, and the one that watches and can change nothing. Safe to repeat.

import pg from 'pg'
import { APPLICATION_ROLE, MONITOR_ROLE, type SuperuserUrl } from './demo-url.ts'

export async function prepareRoles(admin: pg.Client, superuserUrl: SuperuserUrl): Promise<void> {
  const password = decodeURIComponent(new URL(superuserUrl()).password)
  for (const role of [APPLICATION_ROLE, MONITOR_ROLE]) {
    const { rowCount } = await admin.query('select from pg_catalog.pg_roles where rolname = $1', [role])
    if (rowCount === 0) await admin.query(`create role ${role} login`)
    if (password !== '') await admin.query(`alter role ${role} password ${pg.escapeLiteral(password)}`)
  }
  await admin.query(`grant pg_monitor to ${MONITOR_ROLE}`)
  // column statistics, which advice rests on, and plans to compare the planner twin's with, are shown to whom may select
  await admin.query(`grant pg_read_all_data to ${MONITOR_ROLE}`)
  await admin.query(`alter role ${APPLICATION_ROLE} set statement_timeout = '30s'`)
  // many short statements at once: a parallel plan would take the other connections' processors
  await admin.query(`alter role ${APPLICATION_ROLE} set max_parallel_workers_per_gather = 0`)
}
