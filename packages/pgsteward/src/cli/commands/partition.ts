// pgsteward partition: a large table becomes a partitioned one while it is used, and back.

import { designOf, stepOf, tableOf, wholeNumber } from '../../app/partition/design-of-flags.ts'
import {
  extendPartition,
  finishPartition,
  type PartitionRequest,
  partitionStatus,
  planPartition,
  runPartition,
  undoPartition,
} from '../../app/partition/partition-table.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { parseDuration } from '../../model/units.ts'
import { type CommandContext, defineCommand, JSON_OPTION } from '../command.ts'
import { endLines, planLines, progressLine, runLines, statusLines } from '../render-partition.ts'

const STEP_OPTIONS = {
  every: { type: 'string', example: 'month', help: 'of a time: day, week, month, quarter or year, in UTC' },
  size: { type: 'string', example: '10000000', help: 'of an integer: values a partition' },
  ahead: { type: 'string', example: '3', help: 'partitions beyond now and the last key (default 3)' },
} as const
const DESIGN_OPTIONS = {
  key: {
    type: 'string',
    example: 'COLUMN',
    help: 'divided by this column; it becomes part of the primary key',
  },
  ...STEP_OPTIONS,
} as const
const DECISION_OPTIONS = {
  reason: { type: 'string', example: 'TEXT', help: 'why: it is kept beside the work' },
  actor: { type: 'string', example: 'NAME', help: 'who decides (default: the USER of the environment)' },
  for: { type: 'string', example: '8h', help: 'how long it may work; the next run goes on (default 24h)' },
  ...JSON_OPTION,
} as const

export const partitionPlan = defineCommand({
  name: 'partition plan',
  usage: 'partition plan URL SCHEMA.TABLE --key COLUMN (--every month | --size N)',
  summary:
    'every statement that would partition a table online, in order, with its locks; nothing is changed',
  description:
    'Tells what stands against it (foreign keys of other tables, unique constraints without the key, views), what changes for those who ' +
    'use the table, how much room the copy takes, and then each statement. Exit code 1 means that something stands against it.',
  examples: ['pgsteward partition plan $DATABASE_URL public.audit_log --key created_at --every month'],
  options: { ...DESIGN_OPTIONS, ...JSON_OPTION },
  async run(positionals, options, { terminal, env }) {
    const { url, table } = targetOf(positionals, env, 'plan')
    const plan = await planPartition(url, designOf(table, options), aheadOf(options.ahead))
    terminal.out(options.json ? `${JSON.stringify(plan, null, 2)}\n` : planLines(plan))
    return plan.blockers.length === 0 ? EXIT.clean : EXIT.gate
  },
})

export const partitionRun = defineCommand({
  name: 'partition run',
  usage: 'partition run URL SCHEMA.TABLE --key COLUMN (--every month | --size N) --reason TEXT',
  summary: 'partition a table while it is used: copy, bring over, compare, swap',
  description:
    'The URL is that of the role for maintenance, which owns the table or is a member of the role that does. It can be stopped at any ' +
    'moment (Ctrl-C, kill): the next run goes on from where it was. The table that is replaced is kept beside the new one, and follows ' +
    'it, until `partition finish`; `partition undo` puts it back without a lost row. Exit code 1 means that it was stopped before its end.',
  examples: [
    'pgsteward partition run $MAINTENANCE_URL public.audit_log --key created_at --every month --reason "retention by month"',
    'pgsteward partition run $MAINTENANCE_URL public.audit_log --key created_at --every month --reason "tonight we swap" --stop-before-swap',
  ],
  options: {
    ...DESIGN_OPTIONS,
    'stop-before-swap': {
      type: 'boolean',
      help: 'do everything but the swap; the next run without it swaps',
    },
    ...DECISION_OPTIONS,
  },
  async run(positionals, options, context) {
    const { url, table } = targetOf(positionals, context.env, 'run')
    const result = await runPartition(requestOf(url, table, options, context), designOf(table, options), {
      ahead: aheadOf(options.ahead),
      until: options['stop-before-swap'] === true ? 'verified' : 'done',
    })
    context.terminal.out(options.json ? `${JSON.stringify(result, null, 2)}\n` : runLines(result))
    return result.isFinished ? EXIT.clean : EXIT.gate
  },
})

export const partitionStatusOf = defineCommand({
  name: 'partition status',
  usage: 'partition status URL SCHEMA.TABLE',
  summary: 'how far the migration of a table is',
  description:
    'Its phase, rows copied, changes not brought over yet, and who decided on it, as kept in the target.',
  examples: ['pgsteward partition status $MAINTENANCE_URL public.audit_log'],
  options: JSON_OPTION,
  async run(positionals, options, { terminal, env }) {
    const { url, table } = targetOf(positionals, env, 'status')
    const status = await partitionStatus(url, table)
    terminal.out(options.json ? `${JSON.stringify(status, null, 2)}\n` : statusLines(status))
    return EXIT.clean
  },
})

export const partitionUndo = defineCommand({
  name: 'partition undo',
  usage: 'partition undo URL SCHEMA.TABLE --reason TEXT',
  summary: 'take a migration back, at any moment before `partition finish`',
  description:
    'Before the swap whatever was made is dropped. After it what changed since is brought over to the table that was replaced, both are ' +
    'compared, and that one gets its name back.',
  examples: [
    'pgsteward partition undo $MAINTENANCE_URL public.audit_log --reason "the report became slower"',
  ],
  options: DECISION_OPTIONS,
  async run(positionals, options, context) {
    const { url, table } = targetOf(positionals, context.env, 'undo')
    const result = await undoPartition(requestOf(url, table, options, context))
    context.terminal.out(options.json ? `${JSON.stringify(result, null, 2)}\n` : endLines('undone', result))
    return result.isFinished ? EXIT.clean : EXIT.gate
  },
})

export const partitionFinish = defineCommand({
  name: 'partition finish',
  usage: 'partition finish URL SCHEMA.TABLE --reason TEXT',
  summary: 'drop the table that was replaced; from then on there is no way back',
  description: 'With it go the triggers that keep it up to date, which writes pay for.',
  examples: [
    'pgsteward partition finish $MAINTENANCE_URL public.audit_log --reason "a week without complaints"',
  ],
  options: DECISION_OPTIONS,
  async run(positionals, options, context) {
    const { url, table } = targetOf(positionals, context.env, 'finish')
    const result = await finishPartition(requestOf(url, table, options, context))
    context.terminal.out(options.json ? `${JSON.stringify(result, null, 2)}\n` : endLines('finished', result))
    return result.isFinished ? EXIT.clean : EXIT.gate
  },
})

export const partitionExtend = defineCommand({
  name: 'partition extend',
  usage: 'partition extend URL SCHEMA.TABLE (--every month | --size N) --reason TEXT',
  summary: 'create the next partitions of a table that is divided in regular steps',
  description:
    'Those that are missing until as many are ahead as --ahead says; what is there already is left alone, so it may be run daily. Each ' +
    'is attached, which stops neither reading nor writing. Rows of its range in the default partition forbid it, and are told of.',
  examples: [
    'pgsteward partition extend $MAINTENANCE_URL public.audit_log --every month --reason "nightly upkeep"',
  ],
  options: { ...STEP_OPTIONS, ...DECISION_OPTIONS },
  async run(positionals, options, context) {
    const { url, table } = targetOf(positionals, context.env, 'extend')
    const created = await extendPartition(
      requestOf(url, table, options, context),
      stepOf(options),
      aheadOf(options.ahead),
    )
    const lines =
      created.length === 0 ? 'nothing is missing\n' : created.map((name) => `created ${name}\n`).join('')
    context.terminal.out(options.json ? `${JSON.stringify({ created }, null, 2)}\n` : lines)
    return EXIT.clean
  },
})

function targetOf(
  positionals: readonly string[],
  env: CommandContext['env'],
  action: string,
): { readonly url: string; readonly table: ReturnType<typeof tableOf> } {
  const isUrl = (text: string | undefined) => text !== undefined && /^postgres(ql)?:\/\//.test(text)
  const [url, ...rest] = isUrl(positionals[0]) ? positionals : [env.DATABASE_URL, ...positionals]
  if (url === undefined || url === '')
    throw new StewardError('usage', 'which database?', {
      detail: 'No URL was given, and DATABASE_URL is not set.',
      hint: `pgsteward partition ${action} postgres://USER:PASSWORD@HOST:PORT/DATABASE SCHEMA.TABLE`,
    })
  if (rest.length > 1) throw new StewardError('usage', `"${rest[1]}" is one argument too many`)
  return { url, table: tableOf(rest[0]) }
}

function aheadOf(text: string | undefined): number {
  return wholeNumber(text ?? '3', '--ahead')
}

function requestOf(
  url: string,
  table: PartitionRequest['table'],
  options: {
    readonly reason?: string | undefined
    readonly actor?: string | undefined
    readonly for?: string | undefined
  },
  { env, signal, terminal }: CommandContext,
): PartitionRequest {
  const forMs = parseDuration(options.for ?? '24h')
  if (forMs === null || forMs <= 0)
    throw new StewardError('usage', `--for ${options.for} is not a duration`, {
      hint: 'Write it as 8h or 30m.',
    })
  return {
    url,
    table,
    decision: { actor: options.actor ?? env.USER ?? 'cli', reason: options.reason ?? '' },
    forMs,
    signal,
    onProgress: (progress) => terminal.progress(progressLine(progress)),
  }
}
