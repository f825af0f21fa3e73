// pgsteward meeting: meetings of the change board, with an agenda that is worked out and minutes that are kept.

import { z } from 'zod'
import { meetingDetailWire, meetingWire } from '../../model/change-wire.ts'
import { StewardError } from '../../model/error.ts'
import { defineCommand } from '../command.ts'
import {
  ACTOR_OPTIONS,
  answerOf,
  momentOf,
  needed,
  present,
  recordName,
  recordPoster,
  SERVER_OPTIONS,
} from '../record-command.ts'
import { meetingLines, meetingListLines } from '../render-change.ts'

const post = recordPoster({
  path: 'meetings',
  example: 'MTG-3',
  answer: meetingDetailWire,
  render: meetingLines,
})

export const meetingList = defineCommand({
  name: 'meeting list',
  usage: 'meeting list',
  summary: 'meetings of the change board',
  description: 'The latest planned first.',
  examples: ['pgsteward meeting list', 'pgsteward meeting list --json'],
  options: SERVER_OPTIONS,
  run: (_, options, context) =>
    answerOf(context, options, { path: 'meetings', answer: z.array(meetingWire) }, meetingListLines),
})

export const meetingShow = defineCommand({
  name: 'meeting show',
  usage: 'meeting show MEETING',
  summary: 'one meeting: agenda, who was there, minutes, action items',
  description:
    'The agenda of one that is still to be held is worked out from what is open: the riskiest first, then what is wished soonest; with ' +
    'emergencies since the last meeting, and what failed.',
  examples: ['pgsteward meeting show MTG-3'],
  options: SERVER_OPTIONS,
  run: ([name], options, context) =>
    answerOf(
      context,
      options,
      { path: `meetings/${recordName(name, 'MTG-3')}`, answer: meetingDetailWire },
      meetingLines,
    ),
})

export const meetingPlan = defineCommand({
  name: 'meeting plan',
  usage: 'meeting plan --at TIME [--place TEXT] [--title TEXT] [--move MEETING]',
  summary: 'plan a meeting of the change board, or move one',
  description: 'Its agenda needs no hand: pgsteward meeting show has it.',
  examples: [
    'pgsteward meeting plan --at 2026-12-01T09:00',
    'pgsteward meeting plan --move MTG-3 --at 2026-12-02T09:00',
  ],
  options: {
    at: { type: 'string', example: 'TIME', help: 'when' },
    place: { type: 'string', example: 'TEXT', help: 'where: a room, a link' },
    title: { type: 'string', example: 'TEXT', help: 'default: Change board' },
    move: { type: 'string', example: 'MEETING', help: 'one that is planned already' },
    ...ACTOR_OPTIONS,
  },
  run: (_, options, context) => {
    const { at, place, title, move } = options
    const body = { meetsAt: momentOf(needed(at, 'at', 'When?'), 'at'), ...present({ place, title }) }
    const path = move === undefined ? 'meetings' : `meetings/${recordName(move, 'MTG-3')}/move`
    return answerOf(context, options, { path, answer: meetingDetailWire, body }, meetingLines)
  },
})

export const meetingHold = defineCommand({
  name: 'meeting hold',
  usage: 'meeting hold MEETING --present NAME...',
  summary: 'begin a meeting: who is there, and whether that is enough to decide',
  description:
    'The agenda stays as it is then. Decisions on its changes from now on are its decisions, until its minutes are written.',
  examples: ['pgsteward meeting hold MTG-3 --present ada --present bob'],
  options: {
    present: { type: 'string', multiple: true, example: 'NAME', help: 'who is there; once for each' },
    ...ACTOR_OPTIONS,
  },
  run: ([name], options, context) => {
    const there = options.present ?? []
    needed(there[0], 'present', 'Who is there? Once for each.')
    return post(context, options, name, 'hold', { present: there })
  },
})

export const meetingMinutes = defineCommand({
  name: 'meeting minutes',
  usage: 'meeting minutes MEETING [--notes TEXT] [--action "TEXT | OWNER | DATE"]...',
  summary: 'write the minutes: decisions are filled in, notes and action items are yours',
  description:
    'Written again they replace those before, which the record keeps; action items come beside those that are there.',
  examples: [
    'pgsteward meeting minutes MTG-3 --notes "all agreed" --action "try the rollback | bob | 2026-12-04"',
  ],
  options: {
    notes: { type: 'string', example: 'TEXT', help: 'what else was said' },
    action: {
      type: 'string',
      multiple: true,
      example: 'TEXT',
      help: 'what is to be done, by whom and when, with | between',
    },
    ...ACTOR_OPTIONS,
  },
  run: ([name], options, context) =>
    post(context, options, name, 'minutes', {
      ...present({ notes: options.notes }),
      actions: (options.action ?? []).map(actionOf),
    }),
})

export const meetingDone = defineCommand({
  name: 'meeting done',
  usage: 'meeting done MEETING NUMBER [--note TEXT]',
  summary: 'an action item is done',
  description: 'By its number, as pgsteward meeting show has it.',
  examples: ['pgsteward meeting done MTG-3 1 --note "works in 4 min"'],
  options: { note: { type: 'string', example: 'TEXT', help: 'what came of it' }, ...ACTOR_OPTIONS },
  run: ([name, number], options, context) =>
    post(context, options, name, 'action-done', {
      action: itemNumber(number),
      ...present({ note: options.note }),
    }),
})

export const meetingClose = defineCommand({
  name: 'meeting close',
  usage: 'meeting close MEETING --note TEXT',
  summary: 'close a meeting that has minutes, or call off one that was not held',
  description: 'Its action items can still be done.',
  examples: ['pgsteward meeting close MTG-3 --note "read by everybody"'],
  options: { note: { type: 'string', example: 'TEXT', help: 'what remains to be said' }, ...ACTOR_OPTIONS },
  run: ([name], options, context) =>
    post(context, options, name, 'close', { note: needed(options.note, 'note', 'What remains to be said?') }),
})

/** `what | owner | date`; the last two may be missing. */
export function actionOf(text: string): { what: string; owner: string | null; due: string | null } {
  const [what = '', owner = '', due = ''] = text.split('|').map((each) => each.trim())
  return { what, owner: owner === '' ? null : owner, due: due === '' ? null : momentOf(due, 'action') }
}

export function itemNumber(text: string | undefined): number {
  if (text !== undefined && /^\d{1,6}$/.test(text)) return Number(text)
  throw new StewardError('usage', 'which action item?', { hint: 'Its number, as it is shown: 1.' })
}
