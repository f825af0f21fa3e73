// pgsteward maintain: what is to be done to targets, by whose decision, and what came of it.

import { z } from 'zod'
import { EXIT, StewardError } from '../../model/error.ts'
import { maintenanceJobDetailWire, maintenanceWire } from '../../model/maintenance-wire.ts'
import { targetWire } from '../../model/wire.ts'
import { askServer, type ServerAddress } from '../ask-server.ts'
import { type CommandContext, defineCommand } from '../command.ts'
import { paint } from '../paint.ts'
import { recordServer, SERVER_OPTIONS, TARGET_OPTION } from '../record-command.ts'
import { jobLines, maintenanceLines } from '../render-maintenance.ts'

const DECISION_OPTIONS = {
  reason: { type: 'string', example: 'TEXT', help: 'why: the record keeps it' },
  actor: { type: 'string', example: 'NAME', help: 'who decides (default: the USER of the environment)' },
  ...SERVER_OPTIONS,
} as const

export const maintainList = defineCommand({
  name: 'maintain list',
  usage: 'maintain list [--target ID] [--all]',
  summary: 'what maintenance would do and waits for, with the exact statements; the window it waits for',
  description:
    'The dry run: every statement that is approved, waits for a decision, or would be added in the next window, and why. Nothing is changed ' +
    'by it. What has ended is shown with --all.',
  examples: ['pgsteward maintain list', 'pgsteward maintain list --target shop --all --json'],
  options: { ...TARGET_OPTION, all: { type: 'boolean', help: 'also what has ended' }, ...SERVER_OPTIONS },
  async run(_, options, { terminal, ...context }) {
    const server = await recordServer(context, options)
    const ids =
      options.target === undefined
        ? (await askServer(server, 'targets', z.array(targetWire))).map(({ id }) => id)
        : [options.target]
    const known = await Promise.all(
      ids.map((id) => askServer(server, `maintenance?target=${encodeURIComponent(id)}`, maintenanceWire)),
    )
    const shown = known.map((each) => ({
      ...each,
      jobs: each.jobs.filter(({ endedAt }) => options.all === true || endedAt === null),
    }))
    terminal.out(
      options.json
        ? `${JSON.stringify(shown, null, 2)}\n`
        : shown.map((each) => maintenanceLines(each, paint(terminal.isColoured))).join('\n'),
    )
    return EXIT.clean
  },
})

export const maintainShow = defineCommand({
  name: 'maintain show',
  usage: 'maintain show JOB',
  summary: 'one job: its statements, its decision, every attempt with what it changed',
  description: 'Sizes and rows before and after each statement, how long it took, what the server said.',
  examples: ['pgsteward maintain show 12', 'pgsteward maintain show 12 --json'],
  options: SERVER_OPTIONS,
  async run([id], options, { terminal, ...context }) {
    const server = await recordServer(context, options)
    const job = await askServer(server, `maintenance/jobs/${jobId(id)}`, maintenanceJobDetailWire)
    terminal.out(
      options.json ? `${JSON.stringify(job, null, 2)}\n` : jobLines(job, paint(terminal.isColoured)),
    )
    return EXIT.clean
  },
})

export const maintainApprove = defineCommand({
  name: 'maintain approve',
  usage: 'maintain approve JOB | FINDING [--target ID] --reason TEXT',
  summary: "let a job be done in the next window, or make one of a finding's remedy",
  description:
    'A finding is named by its key, as `pgsteward findings` lists them. Its statements are run one by one, concurrently, by ' +
    'the role for maintenance, within the maintenance windows; they step aside when somebody waits for them. `pgsteward maintain list` shows them before.',
  examples: [
    'pgsteward maintain approve 12 --reason "agreed in the review of Monday"',
    'pgsteward maintain approve "bloated-index:index/shop/public/by_day" --reason "a third is air"',
  ],
  options: { ...TARGET_OPTION, ...DECISION_OPTIONS },
  async run([what], options, { terminal, ...context }) {
    if (what === undefined)
      throw new StewardError('usage', 'approve what?', {
        hint: '`pgsteward maintain list` has jobs with their numbers, `pgsteward findings` keys of findings.',
      })
    const server = await recordServer(context, options)
    const decision = decisionOf(options, context)
    const job = /^\d+$/.test(what)
      ? await askServer(server, `maintenance/jobs/${what}/decide`, maintenanceJobDetailWire, {
          action: 'approve',
          ...decision,
        })
      : await askServer(server, 'maintenance/approve', maintenanceJobDetailWire, {
          target: options.target ?? (await onlyTarget(server)),
          key: what,
          ...decision,
        })
    terminal.out(
      options.json ? `${JSON.stringify(job, null, 2)}\n` : jobLines(job, paint(terminal.isColoured)),
    )
    return EXIT.clean
  },
})

export const maintainRequest = defineCommand({
  name: 'maintain request',
  usage: 'maintain request --rewrite TABLE | --vacuum-full TABLE [--target ID]',
  summary: 'ask for a table to be written anew; it waits for your approval',
  description:
    'Shows its size, how long it may take, and what disk it needs; `pgsteward maintain approve` lets it be done in the next window. --rewrite uses ' +
    'what the server has for it while the table is in use (REPACK CONCURRENTLY of PostgreSQL 19, the extension pg_repack). --vacuum-full locks ' +
    'everybody out of the table until it is done: no rule and no finding ever does that.',
  examples: [
    'pgsteward maintain request --rewrite shop.orders',
    'pgsteward maintain request --vacuum-full shop.audit_log --others-wait 10m',
  ],
  options: {
    rewrite: { type: 'string', example: 'SCHEMA.TABLE', help: 'while it is in use' },
    'vacuum-full': { type: 'string', example: 'SCHEMA.TABLE', help: 'with everybody locked out' },
    'others-wait': {
      type: 'string',
      example: 'DURATION',
      help: 'how long others may wait for a VACUUM FULL before it steps aside (default: giveWay.blocked)',
    },
    ...TARGET_OPTION,
    ...SERVER_OPTIONS,
  },
  async run(_, options, { terminal, ...context }) {
    const full = options['vacuum-full']
    const table = full ?? options.rewrite
    if (table === undefined || (full !== undefined && options.rewrite !== undefined))
      throw new StewardError('usage', 'which table, and how?', {
        hint: '--rewrite SCHEMA.TABLE, or --vacuum-full SCHEMA.TABLE.',
      })
    const server = await recordServer(context, options)
    const job = await askServer(server, 'maintenance/request', maintenanceJobDetailWire, {
      target: options.target ?? (await onlyTarget(server)),
      table,
      method: full === undefined ? 'online' : 'vacuum-full',
      othersWait: options['others-wait'],
    })
    terminal.out(
      options.json ? `${JSON.stringify(job, null, 2)}\n` : jobLines(job, paint(terminal.isColoured)),
    )
    return EXIT.clean
  },
})

export const maintainReject = defineCommand({
  name: 'maintain reject',
  usage: 'maintain reject JOB --reason TEXT',
  summary: 'a job is not to be done',
  description:
    'Of one that was approved, too, as long as it does not run. It is not proposed again before a month is over.',
  examples: ['pgsteward maintain reject 12 --reason "the table goes away next week"'],
  options: DECISION_OPTIONS,
  async run([id], options, { terminal, ...context }) {
    const server = await recordServer(context, options)
    const job = await askServer(server, `maintenance/jobs/${jobId(id)}/decide`, maintenanceJobDetailWire, {
      action: 'reject',
      ...decisionOf(options, context),
    })
    terminal.out(options.json ? `${JSON.stringify(job, null, 2)}\n` : `rejected: job ${job.id}\n`)
    return EXIT.clean
  },
})

export const maintainUndo = defineCommand({
  name: 'maintain undo',
  usage: 'maintain undo JOB --reason TEXT',
  summary: 'take back what a job did, in the next window',
  description:
    'Makes a job of the statements that take it back, and approves it. A rebuild has none: nobody wants the air back.',
  examples: ['pgsteward maintain undo 12 --reason "writes became slower, reads did not become faster"'],
  options: DECISION_OPTIONS,
  async run([id], options, { terminal, ...context }) {
    const server = await recordServer(context, options)
    const job = await askServer(server, `maintenance/jobs/${jobId(id)}/decide`, maintenanceJobDetailWire, {
      action: 'undo',
      ...decisionOf(options, context),
    })
    terminal.out(
      options.json ? `${JSON.stringify(job, null, 2)}\n` : jobLines(job, paint(terminal.isColoured)),
    )
    return EXIT.clean
  },
})

type Context = Omit<CommandContext, 'terminal'>

function jobId(text: string | undefined): string {
  if (text !== undefined && /^\d+$/.test(text)) return text
  throw new StewardError(
    'usage',
    text === undefined ? 'which job?' : `"${text}" is not the number of a job`,
    {
      hint: '`pgsteward maintain list` has their numbers.',
    },
  )
}

function decisionOf(
  { reason, actor }: { readonly reason?: string | undefined; readonly actor?: string | undefined },
  { env }: Context,
): { readonly reason: string; readonly actor: string } {
  if (reason === undefined || reason.trim() === '')
    throw new StewardError('usage', 'why?', { hint: '--reason "agreed in the review": the record keeps it.' })
  return { reason, actor: actor ?? env.USER ?? 'cli' }
}

async function onlyTarget(server: ServerAddress): Promise<string> {
  const targets = await askServer(server, 'targets', z.array(targetWire))
  const [first] = targets
  if (first !== undefined && targets.length === 1) return first.id
  throw new StewardError('usage', 'a finding of which target?', {
    hint: `Choose one with --target: ${targets.map(({ id }) => id).join(', ')}`,
  })
}
