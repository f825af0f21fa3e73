// pgsteward change vote, decide, apply, verify, roll-back, close: how a change goes on.

import { changeDetailWire } from '../../model/change-wire.ts'
import { defineCommand } from '../command.ts'
import { ACTOR_OPTIONS, given, needed, present, recordPoster } from '../record-command.ts'
import { changeLines } from '../render-change.ts'

const post = recordPoster({
  path: 'changes',
  example: 'CHG-12',
  answer: changeDetailWire,
  render: changeLines,
})

const REASON = { reason: { type: 'string', example: 'TEXT', help: 'why: the record keeps it' } } as const

export const changeVote = defineCommand({
  name: 'change vote',
  usage: 'change vote CHANGE approve|reject|abstain [--reason TEXT]',
  summary: 'vote on a change',
  description:
    'A later vote of the same person replaces the one before. As soon as no vote that is still out can turn it, it is decided. Whoever asked ' +
    'for a change does not vote on it, unless the configuration says so.',
  examples: [
    'pgsteward change vote CHG-12 approve',
    'pgsteward change vote CHG-12 reject --reason "no rollback"',
  ],
  options: { ...REASON, ...ACTOR_OPTIONS },
  run: ([name, vote], options, context) =>
    post(context, options, name, 'vote', {
      vote: given(vote, 'which vote?', 'pgsteward change vote CHG-12 approve, reject or abstain'),
      ...present({ reason: options.reason }),
    }),
})

export const changeDecide = defineCommand({
  name: 'change decide',
  usage: 'change decide CHANGE approved|rejected|deferred --reason TEXT [--emergency]',
  summary: 'decide by the votes there are, defer it, or approve an emergency',
  description:
    'The votes have to say so: a quorum and a majority. --emergency approves without them, by one member of the board; the next meeting ' +
    'looks back on it.',
  examples: [
    'pgsteward change decide CHG-12 deferred --reason "after the sale"',
    'pgsteward change decide CHG-13 approved --emergency --reason "the disk is full in an hour"',
  ],
  options: { emergency: { type: 'boolean', help: 'approve without a quorum' }, ...REASON, ...ACTOR_OPTIONS },
  run: ([name, decision], options, context) =>
    post(context, options, name, 'decide', {
      decision: given(
        decision,
        'which decision?',
        'pgsteward change decide CHG-12 approved, rejected or deferred',
      ),
      reason: needed(options.reason, 'reason', 'The record keeps it.'),
      ...present({ emergency: options.emergency }),
    }),
})

export const changeApply = defineCommand({
  name: 'change apply',
  usage: 'change apply CHANGE --what TEXT [--job NUMBER] [--failed]',
  summary: 'say what was applied, exactly',
  description: 'What maintenance applied for a finding that the change names is added by itself.',
  examples: ['pgsteward change apply CHG-12 --what "migration 20261123 in production"'],
  options: {
    what: { type: 'string', example: 'TEXT', help: 'statements, versions, settings' },
    job: { type: 'string', example: 'NUMBER', help: 'of the maintenance job that did it' },
    failed: { type: 'boolean', help: 'it was tried and did not work' },
    ...ACTOR_OPTIONS,
  },
  run: ([name], options, context) =>
    post(context, options, name, 'apply', {
      what: needed(options.what, 'what', 'What was applied?'),
      jobId: options.job ?? null,
      outcome: options.failed === true ? 'failed' : 'done',
    }),
})

export const changeVerify = defineCommand({
  name: 'change verify',
  usage: 'change verify CHANGE --effect TEXT [--not]',
  summary: 'say what came of it',
  description: 'With --not it did not do what was meant: it stays to be verified again, or rolled back.',
  examples: ['pgsteward change verify CHG-12 --effect "the report takes 40 ms instead of 9 s"'],
  options: {
    effect: { type: 'string', example: 'TEXT', help: 'with numbers' },
    not: { type: 'boolean', help: 'it did not do what was meant' },
    ...ACTOR_OPTIONS,
  },
  run: ([name], options, context) =>
    post(context, options, name, 'verify', {
      effect: needed(options.effect, 'effect', 'What came of it?'),
      worked: options.not !== true,
    }),
})

export const changeRollBack = defineCommand({
  name: 'change roll-back',
  usage: 'change roll-back CHANGE --what TEXT --reason TEXT',
  summary: 'say that it was taken back, and how',
  description: 'pgsteward maintain undo takes back what maintenance did, and adds this by itself.',
  examples: ['pgsteward change roll-back CHG-12 --what "dropped it" --reason "writes took twice as long"'],
  options: {
    what: { type: 'string', example: 'TEXT', help: 'what was done' },
    ...REASON,
    ...ACTOR_OPTIONS,
  },
  run: ([name], options, context) =>
    post(context, options, name, 'roll-back', {
      what: needed(options.what, 'what', 'What was done?'),
      reason: needed(options.reason, 'reason', 'The record keeps it.'),
    }),
})

export const changeClose = defineCommand({
  name: 'change close',
  usage: 'change close CHANGE --note TEXT',
  summary: 'close a change: verified, rolled back, rejected, or withdrawn',
  description: 'One that was applied and not verified cannot be closed.',
  examples: ['pgsteward change close CHG-12 --note "nothing is left to do"'],
  options: { note: { type: 'string', example: 'TEXT', help: 'what remains to be said' }, ...ACTOR_OPTIONS },
  run: ([name], options, context) =>
    post(context, options, name, 'close', { note: needed(options.note, 'note', 'What remains to be said?') }),
})
