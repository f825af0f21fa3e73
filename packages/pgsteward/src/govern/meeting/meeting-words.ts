// A meeting of the board in words.

import type { ActionItemWire } from '../../model/record-wire.ts'
import { numberIn, readBody, textIn } from '../read-body.ts'
import { momentWords, plural, type RecordTeller } from '../teller.ts'
import { MEETING_BODIES } from './meeting-entries.ts'
import { meetingOf } from './meeting-state.ts'

export const meetingTeller: RecordTeller = {
  summary: (record) => {
    const { title, state, meetsAt, place, present, quorumWords, actions } = meetingOf(record, [])
    return {
      title,
      state,
      facts: [
        ['When', momentWords(meetsAt)],
        ...(place === '' ? [] : [['Where', place] as const]),
        ...(present.length === 0
          ? []
          : [['There', present.join(', ')] as const, ['Quorum', quorumWords] as const]),
        ...(actions.length === 0 ? [] : [['Action items', actionsWords(actions)] as const]),
      ],
    }
  },
  entry: ({ action, body }) => {
    switch (action) {
      case 'opened':
      case 'moved': {
        const plan = readBody(MEETING_BODIES.opened, body)
        if (plan === null) return null
        const where = plan.place === '' ? '' : `, ${plan.place}`
        return [`${action === 'opened' ? 'called it' : 'moved it'} for ${momentWords(plan.meetsAt)}${where}`]
      }
      case 'held': {
        const held = readBody(MEETING_BODIES.held, body)
        if (held === null) return null
        return [
          `held it: ${held.present.join(', ')}`,
          held.quorum.isReached
            ? `Enough to decide: ${held.quorum.words}.`
            : `Not enough to decide: ${held.quorum.words}.`,
          ...held.agenda.map(
            ({ change, title, risk, because }) => `${change} (${risk}, ${because}): ${title}`,
          ),
        ]
      }
      case 'minutes': {
        const minutes = readBody(MEETING_BODIES.minutes, body)
        if (minutes === null) return null
        return [
          'wrote the minutes',
          minutes.notes,
          ...minutes.decisions.map(({ change, title, words }) => `${change} ${title}: ${words}`),
          ...minutes.actions.map((item) => `To do: ${itemWords(item)}`),
        ]
      }
      case 'action-done':
        return [`did action item ${numberIn(body, 'action')}`, textIn(body, 'note')]
      case 'closed':
        return ['closed it', textIn(body, 'note')]
      default:
        return null
    }
  },
}

export function itemWords({ what, owner, due }: Pick<ActionItemWire, 'what' | 'owner' | 'due'>): string {
  return `${what}${owner === null ? '' : ` (${owner})`}${due === null ? '' : `, by ${momentWords(due)}`}`
}

export function actionsWords(actions: readonly ActionItemWire[]): string {
  const done = actions.filter(({ doneAt }) => doneAt !== null).length
  return `${plural(actions.length, 'item')}, ${done} done`
}
