// pgsteward rehearsal: a release tried out by a checklist that is timed.

import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { z } from 'zod'
import { REHEARSAL_TEMPLATE } from '../../app/govern/templates.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { rehearsalDetailWire, rehearsalWire } from '../../model/rehearsal-wire.ts'
import { type CommandContext, defineCommand } from '../command.ts'
import {
  ACTOR_OPTIONS,
  answerOf,
  needed,
  present,
  recordName,
  recordPoster,
  SERVER_OPTIONS,
} from '../record-command.ts'
import { rehearsalLines, rehearsalListLines } from '../render-rehearsal.ts'

const post = recordPoster({
  path: 'rehearsals',
  example: 'REH-2',
  answer: rehearsalDetailWire,
  render: rehearsalLines,
})

export const START_OPTIONS = {
  release: { type: 'string', example: 'VERSION', help: 'what is to be released' },
  title: { type: 'string', example: 'TEXT', help: "default: the template's" },
  target: { type: 'string', example: 'ID', help: 'the target that it is about' },
} as const

export const rehearsalList = defineCommand({
  name: 'rehearsal list',
  usage: 'rehearsal list',
  summary: 'rehearsals with their verdicts',
  description: 'The latest first.',
  examples: ['pgsteward rehearsal list'],
  options: SERVER_OPTIONS,
  run: (_, options, context) =>
    answerOf(context, options, { path: 'rehearsals', answer: z.array(rehearsalWire) }, rehearsalListLines),
})

export const rehearsalShow = defineCommand({
  name: 'rehearsal show',
  usage: 'rehearsal show REHEARSAL',
  summary: 'the report: each step with its planned and its actual time, and the verdict',
  description: 'What took more than half as long again as planned is marked.',
  examples: ['pgsteward rehearsal show REH-2', 'pgsteward rehearsal show REH-2 --json'],
  options: SERVER_OPTIONS,
  run: ([name], options, context) =>
    answerOf(
      context,
      options,
      { path: `rehearsals/${recordName(name, 'REH-2')}`, answer: rehearsalDetailWire },
      rehearsalLines,
    ),
})

export const rehearsalTemplate = defineCommand({
  name: 'rehearsal template',
  usage: 'rehearsal template',
  summary: 'print the checklist that comes with pgsteward, to edit and to keep beside your code',
  description:
    'Markdown: sections Pre-flight, Steps and Rollback, each item a step; below it, indented, owner:, expected:, run: (a command) and text.',
  examples: ['pgsteward rehearsal template > rehearsal.md'],
  options: {},
  async run(_, __, { terminal }) {
    terminal.out(REHEARSAL_TEMPLATE)
    return EXIT.clean
  },
})

export const rehearsalStart = defineCommand({
  name: 'rehearsal start',
  usage: 'rehearsal start [TEMPLATE] [--release VERSION]',
  summary: 'start a rehearsal whose steps are told one by one',
  description:
    'Without a template it has the steps that pgsteward rehearsal template prints. pgsteward rehearsal run goes through them.',
  examples: ['pgsteward rehearsal start rehearsal.md --release 7.2'],
  options: { ...START_OPTIONS, ...ACTOR_OPTIONS },
  run: async ([file], options, context) =>
    answerOf(
      context,
      options,
      { path: 'rehearsals', answer: rehearsalDetailWire, body: await startOf(file, options, context) },
      rehearsalLines,
    ),
})

export const rehearsalStep = defineCommand({
  name: 'rehearsal step',
  usage: 'rehearsal step REHEARSAL NUMBER begin|done|fail|skip [--note TEXT]',
  summary: 'a step has begun, is done, failed, or is left out',
  description:
    'In their order. Once a step fails, those of the rollback are next; what failed or was left out needs a note.',
  examples: [
    'pgsteward rehearsal step REH-2 1 begin',
    'pgsteward rehearsal step REH-2 1 fail --note "no backup"',
  ],
  options: { note: { type: 'string', example: 'TEXT', help: 'what was seen' }, ...ACTOR_OPTIONS },
  run: ([name, number, what], options, context) => {
    if (!/^\d{1,6}$/.test(number ?? '') || !['begin', 'done', 'fail', 'skip'].includes(what ?? ''))
      throw new StewardError('usage', 'which step, and what about it?', {
        hint: 'pgsteward rehearsal step REH-2 1 begin, done, fail or skip',
      })
    return post(context, options, name, what!, {
      step: Number(number),
      ...(what === 'begin' ? {} : present({ note: options.note })),
    })
  },
})

export const rehearsalRollBack = defineCommand({
  name: 'rehearsal roll-back',
  usage: 'rehearsal roll-back REHEARSAL --reason TEXT',
  summary: 'go on with the steps of the rollback, though none failed',
  description: 'A rollback that was never tried is none. A step that fails begins it by itself.',
  examples: ['pgsteward rehearsal roll-back REH-2 --reason "to try it"'],
  options: {
    reason: { type: 'string', example: 'TEXT', help: 'why: the record keeps it' },
    ...ACTOR_OPTIONS,
  },
  run: ([name], options, context) =>
    post(context, options, name, 'roll-back', {
      reason: needed(options.reason, 'reason', 'The record keeps it.'),
    }),
})

export const rehearsalFinish = defineCommand({
  name: 'rehearsal finish',
  usage: 'rehearsal finish REHEARSAL [--note TEXT]',
  summary: 'end it with a verdict: passed, rolled back, failed, abandoned',
  description: 'The verdict comes from its steps.',
  examples: ['pgsteward rehearsal finish REH-2'],
  options: { note: { type: 'string', example: 'TEXT', help: 'what was learned' }, ...ACTOR_OPTIONS },
  run: ([name], options, context) => post(context, options, name, 'finish', present({ note: options.note })),
})

/** What starts one, for the API. */
export async function startOf(
  file: string | undefined,
  {
    release,
    title,
    target,
  }: { readonly release?: string; readonly title?: string; readonly target?: string },
  { cwd }: Pick<CommandContext, 'cwd'>,
): Promise<object> {
  const template =
    file === undefined
      ? undefined
      : await readFile(resolve(cwd, file), 'utf8').catch((error: Error) => {
          throw new StewardError('usage', `${file} cannot be read`, {
            detail: error.message,
            hint: 'pgsteward rehearsal template > rehearsal.md writes one.',
          })
        })
  return present({ template, release, title, target })
}
