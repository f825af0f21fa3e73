// pgsteward verify URL: are the declared indexes there, valid and used, and what do they bring?

import { resolve } from 'node:path'
import type { DeclaredSource } from '../../app/verify/declared-indexes.ts'
import { findPrismaProjectAt } from '../../app/verify/prisma-project-at.ts'
import { runVerify } from '../../app/verify/run-verify.ts'
import { verifyScript } from '../../app/verify/verify-script.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { parseDuration } from '../../model/units.ts'
import { GATE_STATUSES } from '../../model/verify.ts'
import { requireUrl } from '../arguments.ts'
import { cacheFolder } from '../cache-folder.ts'
import { defineCommand, JSON_OPTION, type OptionValues } from '../command.ts'
import { renderVerify } from '../render-verify.ts'
import { renderVerifyMarkdown } from '../render-verify-markdown.ts'

const OPTIONS = {
  prisma: {
    type: 'string',
    example: 'DIR',
    help: 'declared by this Prisma project: its migrations and schema (default: the project here, if there is one)',
  },
  schema: { type: 'string', example: 'FILE', help: 'declared by this schema.prisma, or a folder of them' },
  migrations: {
    type: 'string',
    example: 'DIR',
    help: 'declared by what is left after these migrations: NAME/migration.sql, or .sql files',
  },
  indexes: {
    type: 'string',
    example: 'FILE',
    help: 'declared by this list: CREATE INDEX statements, or JSON [{ "table", "columns", "name"?, "where"? }]',
  },
  queries: {
    type: 'string',
    short: 'q',
    example: 'FILE',
    help: 'key queries, as a workload of advise: which indexes their plans use, and what they would cost without',
  },
  measure: {
    type: 'boolean',
    help: 'execute the key queries on the target (SELECT alone, read-only, bounded in time) and time them with and without',
  },
  runs: {
    type: 'string',
    example: '5',
    help: 'with --measure: runs of each, after a first that is not counted (default 5)',
  },
  timeout: {
    type: 'string',
    example: '30s',
    help: 'with --measure: the longest that one run may take (default 30s)',
  },
  markdown: { type: 'boolean', help: 'print the report as Markdown' },
  'print-sql': {
    type: 'boolean',
    help: 'print ten queries for psql (verify-indices.sql) with the declared indexes filled in; asks no database',
  },
  ...JSON_OPTION,
} as const

type Values = OptionValues<typeof OPTIONS>

export const verify = defineCommand({
  name: 'verify',
  usage:
    'verify URL [--prisma DIR | --schema FILE | --migrations DIR | --indexes FILE] [--queries FILE] [--measure]',
  summary: 'are the declared indexes there, valid and used, and what do they bring',
  description:
    'Compares the indexes that a project declares with those of a database: by name, or an equal one under another name; valid; ' +
    'with the same keys, order, predicate and method; scanned since the statistics began. Key queries are planned by the target, ' +
    'and by a planner twin as they would be without the indexes. It reads catalogs and statistics alone, unless --measure has it ' +
    'execute key queries. Where nothing is declared, the indexes of the database itself are looked at. Exit code 1 means that a ' +
    'declared index is missing, invalid or another than declared.',
  examples: [
    'pgsteward verify $DATABASE_URL --prisma .',
    'pgsteward verify $DATABASE_URL --prisma . --queries key-queries.json --measure',
    'pgsteward verify --print-sql --prisma . | psql $DATABASE_URL',
  ],
  options: OPTIONS,
  async run(positionals, options, { terminal, cwd, env, signal }) {
    const source = (await sourceOf(options, cwd)) ?? (await projectHere(cwd))
    if (options['print-sql'] === true) {
      terminal.out(await verifyScript(source))
      return EXIT.clean
    }
    const url = requireUrl(positionals, env, 'verify')
    const report = await runVerify({
      url,
      source,
      queriesFile: options.queries === undefined ? null : resolve(cwd, options.queries),
      measure: measureOf(options),
      cacheDir: cacheFolder(env),
      now: () => new Date(),
      signal,
      onProgress: terminal.progress,
    })
    if (options.json) terminal.out(`${JSON.stringify(report, null, 2)}\n`)
    else terminal.out(options.markdown ? renderVerifyMarkdown(report) : renderVerify(report, terminal))
    return report.indexes.some(({ status }) => GATE_STATUSES.has(status)) ? EXIT.gate : EXIT.clean
  },
})

async function sourceOf(options: Values, cwd: string): Promise<DeclaredSource | null> {
  const { prisma, schema, migrations, indexes } = options
  const given: DeclaredSource[] = [
    ...(prisma === undefined ? [] : [{ kind: 'prisma' as const, dir: resolve(cwd, prisma) }]),
    ...(schema === undefined ? [] : [{ kind: 'schema' as const, path: resolve(cwd, schema) }]),
    ...(migrations === undefined ? [] : [{ kind: 'migrations' as const, dir: resolve(cwd, migrations) }]),
    ...(indexes === undefined ? [] : [{ kind: 'list' as const, path: resolve(cwd, indexes) }]),
  ]
  if (given.length > 1)
    throw new StewardError('usage', 'the indexes are declared in more than one place', {
      hint: 'Give one of --prisma, --schema, --migrations and --indexes.',
    })
  return given[0] ?? null
}

async function projectHere(cwd: string): Promise<DeclaredSource | null> {
  return (await findPrismaProjectAt(cwd)) ? { kind: 'prisma', dir: cwd } : null
}

function measureOf(options: Values): { readonly runs: number; readonly timeoutMs: number } | null {
  if (options.measure !== true) {
    const lone = options.runs === undefined ? (options.timeout === undefined ? null : '--timeout') : '--runs'
    if (lone === null) return null
    throw new StewardError('usage', `${lone} is for --measure`, {
      hint: 'Add --measure, and --queries FILE.',
    })
  }
  if (options.queries === undefined)
    throw new StewardError('usage', 'which queries are to be measured?', { hint: 'Add --queries FILE.' })
  const runs = Number(options.runs ?? 5)
  if (!Number.isInteger(runs) || runs < 1 || runs > 1000)
    throw new StewardError('usage', `--runs ${options.runs} is not a number of runs`)
  const timeoutMs = parseDuration(options.timeout ?? '30s')
  if (timeoutMs === null || timeoutMs < 1)
    throw new StewardError('usage', `--timeout ${options.timeout} is not a duration`, {
      hint: 'Write it as 30s or 5m.',
    })
  return { runs, timeoutMs }
}
