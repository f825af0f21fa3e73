// pgsteward advise URL: indexes worth having for a whole workload, each with its evidence.

import { writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { PLANNERS, parseBudget, runAdvise } from '../../app/advise/run-advise.ts'
import {
  checkMigrationPlace,
  unwantedOf,
  wantedOf,
  writePrismaMigration,
} from '../../app/advise/write-prisma-migration.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { parseDuration } from '../../model/units.ts'
import { oneOf, requireUrl } from '../arguments.ts'
import { cacheFolder } from '../cache-folder.ts'
import { defineCommand, JSON_OPTION } from '../command.ts'
import { renderAdvice } from '../render-advice.ts'
import { renderMigrations } from '../render-migrations.ts'

export const advise = defineCommand({
  name: 'advise',
  usage: 'advise URL [--workload FILE] [--budget 500MB|25%] [--sql OUT.sql] [--prisma DIR]',
  summary: 'which indexes a workload needs, weighed against their size and what writes would pay',
  description:
    "Takes a workload (a file, or the target's pg_stat_statements), builds a planner twin of the target on this machine and " +
    'searches there for the set of indexes that makes the whole workload cheapest within a storage budget, writes included. ' +
    'The target is only read: its catalogs and statistics. FILE is JSON, [{ "id", "sql" or "template" with $1, "callsPerMinute", ' +
    '"variants": lists of literals for $1, $2 ... }], or plain SQL, each statement called once a minute. Statements that cannot ' +
    'be read are named and left out.',
  examples: [
    'pgsteward advise $DATABASE_URL --budget 2GB',
    'pgsteward advise $DATABASE_URL --workload statements.json --budget 25% --sql indexes.sql',
    'pgsteward advise $DATABASE_URL --prisma .',
  ],
  options: {
    workload: {
      type: 'string',
      short: 'w',
      example: 'FILE',
      help: 'statements with their calls (default: pg_stat_statements)',
    },
    budget: {
      type: 'string',
      example: 'SIZE',
      help: 'space for new indexes: 500MB, or a share of all tables, 25% (default 50%)',
    },
    planner: {
      type: 'string',
      example: 'PLANNER',
      help: `${PLANNERS.join(', ')}: a twin on this machine, or HypoPG on the target; auto is a twin, checked with HypoPG where the target has it (default auto)`,
    },
    most: { type: 'string', example: '20', help: 'at most so many new indexes (default 100)' },
    time: {
      type: 'string',
      example: '30s',
      help: 'search at most this long; the best found by then is shown (default 60s)',
    },
    sql: { type: 'string', example: 'OUT.sql', help: 'write the create index statements to this file' },
    prisma: {
      type: 'string',
      example: 'DIR',
      help: 'write a migration for each index to this Prisma project (or folder of migrations)',
    },
    drops: { type: 'boolean', help: 'with --prisma: also migrations that drop what is no longer needed' },
    ...JSON_OPTION,
  },
  async run(positionals, options, { terminal, cwd, env, signal }) {
    const url = requireUrl(positionals, env, 'advise')
    const planner = oneOf('--planner', options.planner, PLANNERS, 'auto')
    const budget = parseBudget(options.budget ?? '50%')
    if (budget === null)
      throw new StewardError('usage', `--budget ${options.budget} is neither a size nor a share`, {
        hint: 'Write it as 500MB, 2GB or 25%.',
      })
    const searchMs = parseDuration(options.time ?? '60s')
    if (searchMs === null)
      throw new StewardError('usage', `--time ${options.time} is not a duration`, {
        hint: 'Write it as 30s or 5m.',
      })
    const mostIndexes = Number(options.most ?? 100)
    if (!Number.isInteger(mostIndexes) || mostIndexes < 1)
      throw new StewardError('usage', `--most ${options.most} is not a number of indexes`)
    const prismaDir = options.prisma === undefined ? null : resolve(cwd, options.prisma)
    if (prismaDir !== null) await checkMigrationPlace(prismaDir)
    const report = await runAdvise({
      url,
      workloadFile: options.workload ?? null,
      budget,
      planner,
      mostIndexes,
      searchMs,
      cacheDir: cacheFolder(env),
      twins: availableParallelism() > 1 ? 2 : 1,
      now: () => new Date(),
      signal,
      onProgress: (text) => terminal.progress(text),
    })
    if (options.sql !== undefined)
      await writeFile(options.sql, report.indexes.map(({ sql }) => `${sql};\n`).join('')).catch((cause) => {
        throw new StewardError('usage', `${options.sql} can't be written`, {
          detail: String(cause.message),
          cause,
        })
      })
    if (prismaDir !== null) {
      const written = await writePrismaMigration({
        dir: prismaDir,
        now: new Date(),
        indexes: [
          ...report.indexes.map((index) => wantedOf(index, report)),
          ...(options.drops === true ? report.redundant.map(unwantedOf) : []),
        ],
      })
      terminal.note(renderMigrations(written))
    }
    terminal.out(options.json ? `${JSON.stringify(report, null, 2)}\n` : renderAdvice(report, terminal))
    return EXIT.clean
  },
})
