// pgsteward incidents review, and its action items.

import { StewardError } from '../../model/error.ts'
import { defineCommand } from '../command.ts'
import { addToIncident } from '../incident-entry.ts'
import { ACTOR_OPTION, given, SERVER_OPTIONS } from '../record-command.ts'

export const incidentsReview = defineCommand({
  name: 'incidents review',
  usage:
    'incidents review INC-NUMBER --happened TEXT --impact TEXT --root-cause TEXT [--well TEXT ...] [--badly TEXT ...] [--action "OWNER DAY TEXT" ...]',
  summary: 'what happened, what it cost, why, and who does what by when',
  description:
    'Once, of an incident that is resolved; the timeline has the facts. Action items are named by owner, day and what is to be done.',
  examples: [
    'pgsteward incidents review INC-7 --happened "release 1.5 dropped an index" --impact "paying took 8 s for 40 min" ' +
      '--root-cause "no plan check in CI" --well "paged within a minute" --action "ada 2026-12-01 add plan-check to CI"',
  ],
  options: {
    happened: { type: 'string', example: 'TEXT', help: 'what happened, in a few sentences' },
    impact: { type: 'string', example: 'TEXT', help: 'who was hurt, how much, how long' },
    'root-cause': { type: 'string', example: 'TEXT', help: 'why it could happen' },
    well: { type: 'string', multiple: true, example: 'TEXT', help: 'what went well' },
    badly: { type: 'string', multiple: true, example: 'TEXT', help: 'what went badly' },
    action: { type: 'string', multiple: true, example: '"OWNER DAY TEXT"', help: 'an action item' },
    ...ACTOR_OPTION,
    ...SERVER_OPTIONS,
  },
  run: ([record], options, context) =>
    addToIncident(record, options, context, () => ({
      action: 'reviewed',
      review: {
        happened: given(options.happened, 'what happened?', '--happened "release 1.5 dropped an index"'),
        impact: given(options.impact, 'what did it cost?', '--impact "paying took 8 s for 40 min"'),
        rootCause: given(options['root-cause'], 'why could it happen?', '--root-cause "no plan check in CI"'),
        wentWell: [...(options.well ?? [])],
        wentBadly: [...(options.badly ?? [])],
        actionItems: (options.action ?? []).map(actionItem),
      },
    })),
})

export const incidentsDone = defineCommand({
  name: 'incidents done',
  usage: 'incidents done INC-NUMBER ITEM [--text TEXT]',
  summary: 'an action item of the review is done',
  description: '`pgsteward incidents show` numbers them, from 1.',
  examples: ['pgsteward incidents done INC-7 1 --text "plan-check runs since 29 November"'],
  options: {
    text: { type: 'string', example: 'TEXT', help: 'what came of it' },
    ...ACTOR_OPTION,
    ...SERVER_OPTIONS,
  },
  run: ([record, item], options, context) =>
    addToIncident(record, options, context, () => ({
      action: 'action-done',
      item: itemOf(item),
      text: options.text ?? '',
    })),
})

function actionItem(text: string): { owner: string; due: string; text: string } {
  const [, owner, due, what] = /^(\S+)\s+(\d{4}-\d{2}-\d{2})\s+(\S.*)$/s.exec(text.trim()) ?? []
  if (owner !== undefined && due !== undefined && what !== undefined) return { owner, due, text: what }
  throw new StewardError('usage', `"${text}" is no action item`, {
    hint: 'Owner, day and what is to be done: --action "ada 2026-12-01 add plan-check to CI"',
  })
}

function itemOf(text: string | undefined): number {
  if (text !== undefined && /^[1-9]\d*$/.test(text)) return Number(text) - 1
  throw new StewardError(
    'usage',
    text === undefined ? 'which action item?' : `"${text}" is no number of an item`,
    {
      hint: '`pgsteward incidents show INC-NUMBER` numbers them, from 1.',
    },
  )
}
