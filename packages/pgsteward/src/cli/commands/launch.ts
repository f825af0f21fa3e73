// pgsteward launch: reviews after a launch, daily for a week, weekly for a month, then monthly.

import { z } from 'zod'
import { EXIT, StewardError } from '../../model/error.ts'
import { launchReviewDetailWire, launchReviewWire } from '../../model/review-wire.ts'
import { askServerText } from '../ask-server.ts'
import { CONFIG_OPTION, defineCommand } from '../command.ts'
import {
  ACTOR_OPTIONS,
  answerOf,
  given,
  momentOf,
  needed,
  present,
  recordName,
  recordPoster,
  recordServer,
  SERVER_OPTIONS,
  TARGET_OPTION,
} from '../record-command.ts'
import { launchLines, launchListLines } from '../render-launch.ts'
import { actionOf, itemNumber } from './meeting.ts'

const post = recordPoster({
  path: 'reviews',
  example: 'REV-2',
  answer: launchReviewDetailWire,
  render: launchLines,
})

export const launchList = defineCommand({
  name: 'launch list',
  usage: 'launch list',
  summary: 'launches with how many of their reviews were done, on time, and are overdue',
  description: 'The latest first.',
  examples: ['pgsteward launch list', 'pgsteward launch list --json'],
  options: SERVER_OPTIONS,
  run: (_, options, context) =>
    answerOf(context, options, { path: 'reviews', answer: z.array(launchReviewWire) }, launchListLines),
})

export const launchShow = defineCommand({
  name: 'launch show',
  usage: 'launch show LAUNCH',
  summary: 'one launch: each review with its figures, and what is clearly worse than before',
  description:
    'Requests, errors, p95, deliveries and load of the database come from what pgsteward keeps, for the day, the week or the month before ' +
    'each review, beside the week before the launch.',
  examples: ['pgsteward launch show REV-2'],
  options: SERVER_OPTIONS,
  run: ([name], options, context) =>
    answerOf(
      context,
      options,
      { path: `reviews/${recordName(name, 'REV-2')}`, answer: launchReviewDetailWire },
      launchLines,
    ),
})

export const launchOpen = defineCommand({
  name: 'launch open',
  usage: 'launch open --title TEXT --version VERSION --target ID [--at TIME]',
  summary: 'a launch is out: plan its reviews',
  description: 'How it was in the week before is measured and kept.',
  examples: ['pgsteward launch open --title Checkout --version 7.2 --target shop'],
  options: {
    title: { type: 'string', example: 'TEXT', help: 'what was launched' },
    version: { type: 'string', example: 'VERSION', help: 'of it' },
    target: { type: 'string', example: 'ID', help: 'the target that it uses' },
    at: { type: 'string', example: 'TIME', help: 'when (default: now)' },
    ...ACTOR_OPTIONS,
  },
  run: (_, options, context) => {
    const { title, version, target, at } = options
    return answerOf(
      context,
      options,
      {
        path: 'reviews',
        answer: launchReviewDetailWire,
        body: {
          title: needed(title, 'title', 'What was launched?'),
          version: needed(version, 'version', 'Which version?'),
          target: needed(target, 'target', 'pgsteward config shows the targets.'),
          ...(at === undefined ? {} : { launchedAt: momentOf(at, 'at') }),
        },
      },
      launchLines,
    )
  },
})

export const launchIcal = defineCommand({
  name: 'launch ical',
  usage: 'launch ical [--target ID]',
  summary: 'reviews after launches and meetings of the board as an iCalendar file',
  description:
    'Four weeks back and all that is planned within a year. A calendar that keeps itself up to date subscribes to ' +
    '/api/v1/reviews/calendar.ics of a running pgsteward; beyond loopback with ?token= and reviews.calendarToken.',
  examples: ['pgsteward launch ical > reviews.ics', 'pgsteward launch ical --target shop > shop.ics'],
  options: { ...TARGET_OPTION, server: SERVER_OPTIONS.server, ...CONFIG_OPTION },
  async run(_, { target, ...options }, { terminal, ...context }) {
    const query = target === undefined ? '' : `?${new URLSearchParams({ target })}`
    terminal.out(await askServerText(await recordServer(context, options), `reviews/calendar.ics${query}`))
    return EXIT.clean
  },
})

export const launchReview = defineCommand({
  name: 'launch review',
  usage: 'launch review LAUNCH --note TEXT [--due NUMBER]',
  summary: 'do the review that is due',
  description: 'Of several, the one that is due longest, or the one that --due names.',
  examples: ['pgsteward launch review REV-2 --note "errors as before, p95 better"'],
  options: {
    note: { type: 'string', example: 'TEXT', help: 'what was seen, and what follows' },
    due: { type: 'string', example: 'NUMBER', help: 'which review' },
    ...ACTOR_OPTIONS,
  },
  run: ([name], options, context) => {
    if (options.due !== undefined && !/^\d{1,4}$/.test(options.due))
      throw new StewardError('usage', `--due ${options.due} is no number`, {
        hint: 'As pgsteward launch show has it.',
      })
    return post(context, options, name, 'review', {
      note: needed(options.note, 'note', 'What was seen?'),
      ...(options.due === undefined ? {} : { due: Number(options.due) }),
    })
  },
})

export const launchAction = defineCommand({
  name: 'launch action',
  usage: 'launch action LAUNCH "TEXT | OWNER | DATE"',
  summary: 'something is to be done after a review',
  description: 'Owner and date may be left out.',
  examples: ['pgsteward launch action REV-2 "index for the new list | bob | 2026-12-04"'],
  options: ACTOR_OPTIONS,
  run: ([name, text], options, context) =>
    post(
      context,
      options,
      name,
      'open-action',
      actionOf(
        given(text, 'what is to be done?', 'pgsteward launch action REV-2 "an index | bob | 2026-12-04"'),
      ),
    ),
})

export const launchDone = defineCommand({
  name: 'launch done',
  usage: 'launch done LAUNCH NUMBER [--note TEXT]',
  summary: 'an action item is done',
  description: 'By its number, as pgsteward launch show has it.',
  examples: ['pgsteward launch done REV-2 1'],
  options: { note: { type: 'string', example: 'TEXT', help: 'what came of it' }, ...ACTOR_OPTIONS },
  run: ([name, number], options, context) =>
    post(context, options, name, 'action-done', {
      action: itemNumber(number),
      ...present({ note: options.note }),
    }),
})

export const launchClose = defineCommand({
  name: 'launch close',
  usage: 'launch close LAUNCH --note TEXT',
  summary: 'no more reviews of this launch',
  description: 'Because the next version is out, or it was taken back. Its action items can still be done.',
  examples: ['pgsteward launch close REV-2 --note "7.3 is out"'],
  options: { note: { type: 'string', example: 'TEXT', help: 'why' }, ...ACTOR_OPTIONS },
  run: ([name], options, context) =>
    post(context, options, name, 'close', { note: needed(options.note, 'note', 'Why?') }),
})
