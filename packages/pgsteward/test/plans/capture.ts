// Writes captured-14.json and captured-18.json anew, for the unit tests: node packages/pgsteward/test/plans/capture.ts,
// then npm run format

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startLocalServer } from '../../src/postgres/local-server.ts'
import { capturePlans, tableRowsOf } from './capture-plans.ts'
import { INSIGHT_CASES } from './insight-cases.ts'

/** What no reader looks at. */
const LEFT_OUT = /^(?:Output|Async Capable|Local .*|.*I\/O .*|Workers|WAL .*|Disabled|Index Searches)$/

for (const major of [14, 18] as const) {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-capture-'))
  const server = await startLocalServer({ dir, major, durable: false })
  const client = new pg.Client({ connectionString: server.url() })
  await client.connect()
  for (const statement of INSIGHT_CASES.flatMap((each) => each.setup)) await client.query(statement)
  const tableRows = await tableRowsOf(client)
  const lines = ['{', `"tableRows": ${JSON.stringify(Object.fromEntries(tableRows))},`, '"plans": {']
  for (const [place, each] of INSIGHT_CASES.entries()) {
    const plans = await capturePlans(client, each)
    const text = JSON.stringify(plans, (key, value) => (LEFT_OUT.test(key) ? undefined : value))
    lines.push(`"${each.id}": ${text}${place === INSIGHT_CASES.length - 1 ? '' : ','}`)
  }
  writeFileSync(join(import.meta.dirname, `captured-${major}.json`), `${[...lines, '}', '}'].join('\n')}\n`)
  await client.end()
  await server.stop()
  rmSync(dir, { recursive: true, force: true })
  rmSync(server.dir, { recursive: true, force: true })
}
