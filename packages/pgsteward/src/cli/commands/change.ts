// pgsteward change list, show, open, template, amend: what is to be changed, and where each change stands.

import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { CHANGE_TEMPLATE, readChangeTemplate } from '../../app/govern/templates.ts'
import { changeDetailWire, changesWire } from '../../model/change-wire.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { type CommandContext, defineCommand, type OptionValues } from '../command.ts'
import {
  ACTOR_OPTIONS,
  answerOf,
  momentOf,
  needed,
  present,
  recordName,
  SERVER_OPTIONS,
} from '../record-command.ts'
import { changeLines, changeListLines } from '../render-change.ts'

const PROPOSAL_OPTIONS = {
  file: { type: 'string', example: 'FILE', help: 'a filled-in template; options go before it' },
  title: { type: 'string', example: 'TEXT', help: 'in a few words' },
  why: { type: 'string', example: 'TEXT', help: 'what it is for' },
  risk: { type: 'string', example: 'low|medium|high', help: 'how much goes wrong if it goes wrong' },
  type: { type: 'string', example: 'TEXT', help: 'what sort of change; standard ones need no vote' },
  plan: { type: 'string', example: 'TEXT', help: 'what is done, step by step' },
  rollback: { type: 'string', example: 'TEXT', help: 'how it is taken back' },
  from: { type: 'string', example: 'TIME', help: 'when it is wished' },
  until: { type: 'string', example: 'TIME', help: 'up to when (with --from)' },
  finding: { type: 'string', multiple: true, example: 'KEY', help: 'of a finding that it mends' },
  job: { type: 'string', multiple: true, example: 'NUMBER', help: 'of a maintenance job' },
  migration: { type: 'string', multiple: true, example: 'PATH', help: 'of a migration' },
} as const

export const changeList = defineCommand({
  name: 'change list',
  usage: 'change list [--all]',
  summary: 'changes with what they wait for',
  description: 'The latest first. Those that are closed are shown with --all.',
  examples: ['pgsteward change list', 'pgsteward change list --all --json'],
  options: { all: { type: 'boolean', help: 'also what is closed' }, ...SERVER_OPTIONS },
  run: (_, options, context) =>
    answerOf(context, options, { path: 'changes', answer: changesWire }, (all, paints) =>
      changeListLines(all.changes, options.all === true, paints),
    ),
})

export const changeShow = defineCommand({
  name: 'change show',
  usage: 'change show CHANGE',
  summary: 'one change: plan, rollback, votes, decision, what was applied and what came of it',
  description: 'With every entry, by whom and when.',
  examples: ['pgsteward change show CHG-12', 'pgsteward change show CHG-12 --json'],
  options: SERVER_OPTIONS,
  run: ([name], options, context) =>
    answerOf(
      context,
      options,
      { path: `changes/${recordName(name, 'CHG-12')}`, answer: changeDetailWire },
      changeLines,
    ),
})

export const changeTemplate = defineCommand({
  name: 'change template',
  usage: 'change template',
  summary: 'print a template of a change in Markdown, to fill in and to edit',
  description: 'Filled in, it is opened by pgsteward change open --file. Keep your own beside your code.',
  examples: ['pgsteward change template > change.md'],
  options: {},
  async run(_, __, { terminal }) {
    terminal.out(CHANGE_TEMPLATE)
    return EXIT.clean
  },
})

export const changeOpen = defineCommand({
  name: 'change open',
  usage: 'change open --file FILE | --title TEXT --why TEXT --risk RISK --plan TEXT --rollback TEXT',
  summary: 'ask for a change',
  description:
    'A change that names findings of a target hears by itself of what maintenance does about them. A type that the configuration approves ' +
    'beforehand is decided at once.',
  examples: [
    'pgsteward change open --file change.md --target shop',
    'pgsteward change open --title "Index on orders(day)" --why "The report takes 9 s" --risk low --type create-index --plan "create index concurrently" --rollback "drop it" --target shop --finding "missing-index:..."',
  ],
  options: {
    target: { type: 'string', example: 'ID', help: 'the target that is changed' },
    ...PROPOSAL_OPTIONS,
    ...ACTOR_OPTIONS,
  },
  async run(_, options, context) {
    const body: Record<string, unknown> = {
      ...(await proposal(options, context)),
      ...present({ target: options.target }),
    }
    for (const [key, why] of NEEDED) needed(body[key] as string | undefined, key, why)
    return answerOf(context, options, { path: 'changes', answer: changeDetailWire, body }, changeLines)
  },
})

export const changeAmend = defineCommand({
  name: 'change amend',
  usage: 'change amend CHANGE --because TEXT [what changes]',
  summary: 'change a change before it is applied; votes begin anew',
  description: 'Those who voted had read something else, so a decision is taken back, too.',
  examples: ['pgsteward change amend CHG-12 --plan "create index concurrently" --because "it locked"'],
  options: {
    because: { type: 'string', example: 'TEXT', help: 'why it is amended' },
    ...PROPOSAL_OPTIONS,
    ...ACTOR_OPTIONS,
  },
  async run([name], options, context) {
    const because = needed(options.because, 'because', 'The record keeps why it was amended.')
    const body = { ...(await proposal(options, context)), because }
    const path = `changes/${recordName(name, 'CHG-12')}/amend`
    return answerOf(context, options, { path, answer: changeDetailWire, body }, changeLines)
  },
})

const NEEDED = [
  ['title', 'A few words; or all of it with --file change.md, of pgsteward change template.'],
  ['why', 'What is it for?'],
  ['risk', 'low, medium or high.'],
  ['plan', 'What is done?'],
  ['rollback', 'How is it taken back? "cannot be" is an answer.'],
] as const

async function proposal(
  options: OptionValues<typeof PROPOSAL_OPTIONS>,
  { cwd }: CommandContext,
): Promise<Record<string, unknown>> {
  const { file, from, until, finding, job, migration, title, why, risk, type, plan, rollback } = options
  if ((from === undefined) !== (until === undefined))
    throw new StewardError('usage', '--from and --until go together', { hint: 'When is it wished?' })
  const wished =
    from === undefined || until === undefined
      ? undefined
      : { from: momentOf(from, 'from'), until: momentOf(until, 'until') }
  return {
    ...(file === undefined ? {} : readChangeTemplate(await textOf(resolve(cwd, file)))),
    ...present({
      title,
      why,
      risk,
      type,
      plan,
      rollback,
      wished,
      findings: finding,
      jobs: job,
      migrations: migration,
    }),
  }
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: Error) => {
    throw new StewardError('usage', `${file} cannot be read`, { detail: error.message, hint: 'Is it there?' })
  })
}
