// Names and texts that are SQL, HTML, formulas and terminal escapes, through everything that shows them.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { FindingWire } from '../../packages/pgsteward/src/model/wire.ts'
import { ident, literal } from '../../packages/pgsteward/src/sql/quote.ts'
import { readWorkbook } from '../../packages/pgsteward/test/capacity/spreadsheet.ts'
import type { Fault } from './fault.ts'
import { runOn, until } from './ground.ts'
import { CONTROLS, HOSTILE_NAMES, LIVE_MARKUP } from './hostile-names.ts'
import { keptReadings, megabytes, seconds } from './kept-readings.ts'
import { runCommand } from './run-command.ts'

/** What a table of the names is found for. */
const FOUND_FOR = ['duplicate-index', 'unlogged-table', 'missing-primary-key', 'idle-in-transaction']
const SAMPLE_LINE =
  /^[a-zA-Z_:][\w:]*(\{([a-zA-Z_]\w*="(\\[\\n"]|[^"\\\n])*",?)*\})? (NaN|[+-]?Inf|[-+.\de]+)$/

export const hostile: Fault = {
  id: 'hostile',
  title: 'Hostile names and texts',
  done: `${HOSTILE_NAMES.length} names (SQL, HTML, terminal escapes, right-to-left override, formulas, line feeds, 63 bytes of multibyte) as tables, columns, indexes, roles, databases, schemas, applications and in statements; read by check, doctor, watch, API, reports (md, html, json), capacity (csv, xlsx), /metrics`,
  holds:
    'No escape or override reaches a terminal, no markup a page, no formula a sheet, each format stays valid; names come through whole in JSON; each remedy runs and means what it names',
  async run(ground, expect) {
    const server = await ground.server('target')
    await server.run(...HOSTILE_NAMES.flatMap(objectsOf))
    const sessions = await Promise.all(
      HOSTILE_NAMES.map(async (name) => {
        const client = new pg.Client({ connectionString: server.url(), application_name: name })
        client.on('error', () => undefined)
        await client.connect()
        await client.query('begin')
        await client.query(`select 1 as ${ident(name)} /* ${name.replaceAll('*/', '')} */`)
        return client
      }),
    )
    ground.later(() => Promise.all(sessions.map((client) => client.end())))
    const checks = {
      'duplicate-index': { minSize: '0B' },
      'idle-in-transaction': { warnAfter: '1s' },
    }
    const process = await ground.watch({ targets: { shop: server.monitorUrl() }, config: { checks } })
    await process.listening()
    const found = async () =>
      (await process.json<FindingWire[]>('/api/v1/targets/shop/findings?state=open,pending')).filter(
        ({ checkId }) => FOUND_FOR.includes(checkId),
      )
    const foundMs = await until(async () => (await found()).length >= HOSTILE_NAMES.length * 2, 90_000)
    const findings = await found()
    const text = JSON.stringify(findings)
    const missing = HOSTILE_NAMES.filter((name) => !text.includes(JSON.stringify(name).slice(1, -1)))
    expect.that(
      foundMs !== null && missing.length === 0,
      `${findings.length} findings about them; ${missing.length} of ${HOSTILE_NAMES.length} names not whole in the API's JSON${missing.length === 0 ? '' : `: ${JSON.stringify(missing)}`}`,
    )

    const config = ['--config', join(ground.dir, 'pgsteward.config.mjs')]
    const terminals: readonly (readonly string[])[] = [
      ['check', server.monitorUrl(), ...config],
      ['check', server.monitorUrl(), '--format', 'markdown', ...config],
      ['doctor', server.monitorUrl()],
      ['findings', '--all', '--verbose', '--server', process.address!, ...config],
      ['report', 'daily', '--for', 'current', '--server', process.address!, ...config],
      ['report', 'index-health', '--for', 'current', '--server', process.address!, ...config],
      ['report', 'optimization', '--for', 'current', '--server', process.address!, ...config],
    ]
    const loud: string[] = []
    for (const args of terminals) {
      const { code, out, err } = await runCommand(ground.dir, ...args)
      const name = args
        .slice(0, 2)
        .filter((each) => !each.includes('://'))
        .join(' ')
      const at = CONTROLS.exec(out + err)
      if (at !== null)
        loud.push(`${name}: ${JSON.stringify((out + err).slice(Math.max(0, at.index - 30), at.index + 20))}`)
      if (code !== 0 && code !== 1) loud.push(`${name} ends with ${code}: ${err.slice(0, 200)}`)
    }
    const own = CONTROLS.exec(process.output)
    if (own !== null)
      loud.push(`watch: ${JSON.stringify(process.output.slice(Math.max(0, own.index - 30), own.index + 20))}`)
    expect.that(
      loud.length === 0,
      `${terminals.length + 1} outputs for terminals, ${loud.length} with an escape or an error${loud.length === 0 ? '' : ` (${loud.join('; ')})`}`,
    )

    const live: string[] = []
    for (const kind of ['daily', 'weekly', 'monthly', 'index-health', 'optimization']) {
      const { out, code } = await runCommand(
        ground.dir,
        ...['report', kind, '--for', 'current', '--format', 'html', '--server', process.address!, ...config],
      )
      if (code !== 0 || LIVE_MARKUP.test(out) || !out.includes('<html')) live.push(kind)
    }
    expect.that(
      live.length === 0,
      `5 reports as HTML, ${live.length} with live markup ${live.join(', ')}`.trim(),
    )

    const metrics = await (await process.get('/metrics')).text()
    const odd = metrics
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#') && !SAMPLE_LINE.test(line))
    expect.that(
      odd.length === 0,
      `/metrics: ${metrics.split('\n').length} lines, ${odd.length} not valid${odd.length === 0 ? '' : `: ${odd[0]}`}`,
    )

    const csv = join(ground.dir, 'capacity.csv')
    const xlsx = join(ground.dir, 'capacity.xlsx')
    const made = await runCommand(
      ground.dir,
      ...['capacity', 'shop', '--csv', csv, '--xlsx', xlsx, '--server', process.address!, ...config],
    )
    const formulas = made.code === 0 ? foreignFormulas(readFileSync(csv, 'utf8'), xlsx) : [made.err]
    expect.that(
      formulas.length === 0,
      `csv and xlsx: ${formulas.length} foreign formulas ${formulas.join(', ')}`.trim(),
    )

    const failed: string[] = []
    let remedies = 0
    for (const { checkId, remedy } of findings) {
      if (remedy == null || checkId === 'idle-in-transaction') continue
      remedies += 1
      await runOn(server.url(), remedy.sql).catch((error: Error) =>
        failed.push(`${checkId}: ${error.message}`),
      )
    }
    const left = await server.run(
      "select count(*) filter (where relname = 'ledger')::int as ledger, count(*) filter (where relkind = 'r' and relpersistence = 'u')::int as unlogged from pg_class",
    )
    expect.that(
      remedies > 0 && failed.length === 0 && left.rows[0].ledger === 1,
      `${remedies} remedies run as written, ${failed.length} refused ${failed.slice(0, 2).join('; ')}`.trim(),
    )
    await sleep(2_000)
    const code = await process.stop()
    const kept = await keptReadings({ dir: join(ground.dir, 'store') }, 'shop')
    expect.that(
      code === 0 && kept.snapshots.length > 5,
      `${kept.snapshots.length} readings kept; at most ${megabytes(process.peakMb)} resident`,
    )
    return `no interruption; found after ${seconds(foundMs)}`
  },
}

/** A table, its column, two equal indexes, a schema, a role, a database, all of that name. */
function objectsOf(name: string): readonly string[] {
  const as = ident(name)
  const index = (suffix: string) => ident(cutTo(`${name}${suffix}`, name))
  return [
    `create schema ${as}`,
    `create unlogged table ${as}.${as} (id int, ${as} text)`,
    `create index ${index('1')} on ${as}.${as} (${as})`,
    `create index ${index('2')} on ${as}.${as} (${as})`,
    `insert into ${as}.${as} select i, ${literal(name)} from generate_series(1, 2000) i`,
    `analyze ${as}.${as}`,
    `create role ${as} login password ${literal(name)}`,
    `create database ${as}`,
    `select count(*) as ${as} from ${as}.${as} where ${as} = ${literal(name)}`,
  ]
}

/** Names of 63 bytes have no room for more: then the digit comes first. */
function cutTo(longer: string, name: string): string {
  const digit = longer.slice(-1)
  if (Buffer.byteLength(longer) <= 63) return longer
  return digit + name.slice(0, -1)
}

/** Cells of the CSV that a spreadsheet would calculate, and formulas of the workbook that hold text of others. */
function foreignFormulas(csv: string, xlsx: string): readonly string[] {
  const cells = csv.split('\n').flatMap((line) => line.split(','))
  const calculated = cells.filter((cell) => /^"?[=+@]/.test(cell) || /^"?-(?![\d.])/.test(cell))
  const sheets = [...readWorkbook(readFileSync(xlsx)).sheets.values()]
  const formulas = sheets.flatMap((sheet) => [...sheet.values()].flatMap(({ formula }) => formula ?? []))
  return [...calculated, ...formulas.filter((formula) => /calc'!A0|SUM\(1\+1\)/.test(formula))]
}
