// npm run try -- CHECK [--keep]: starts a throw-away PostgreSQL 18, runs the script of the check's page and shows what
// `pgsteward check` says. With --keep the server stays, and its URL is printed, until Ctrl-C.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { ALL_CHECKS } from '../packages/pgsteward/src/checks/all.ts'
import { startLocalServer } from '../packages/pgsteward/src/postgres/local-server.ts'
import { reproductionOf } from '../packages/pgsteward/test/postgres/reproduction.ts'

const [id, ...flags] = process.argv.slice(2)
if (id === undefined || !ALL_CHECKS.some((check) => check.id === id)) {
  process.stderr.write(
    `usage: npm run try -- CHECK [--keep]\nchecks: ${ALL_CHECKS.map((check) => check.id).join(', ')}\n`,
  )
  process.exit(2)
}

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-try-'))
const server = await startLocalServer({
  dir,
  durable: false,
  settings: { shared_preload_libraries: 'pg_stat_statements' },
})
try {
  const client = new pg.Client({ connectionString: server.url() })
  await client.connect()
  await client.query('create extension pg_stat_statements')
  for (const statement of reproductionOf(id))
    await client.query(statement).catch((error: Error) => process.stderr.write(`${error.message}\n`))
  await client.end()
  const command = join(import.meta.dirname, '../packages/pgsteward/bin/pgsteward.js')
  spawnSync(process.execPath, [command, 'check', server.url(), '--only', id, '--verbose'], {
    stdio: 'inherit',
  })
  if (flags.includes('--keep')) {
    process.stdout.write(`${server.url()}\nCtrl-C stops it\n`)
    await new Promise<void>((stop) => {
      const alive = setInterval(() => undefined, 60_000)
      process.once('SIGINT', () => {
        clearInterval(alive)
        stop()
      })
    })
  }
} finally {
  await server.stop('immediate')
  rmSync(dir, { recursive: true, force: true })
  rmSync(server.dir, { recursive: true, force: true })
}
