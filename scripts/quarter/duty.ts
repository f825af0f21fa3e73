// On call in the quarter: hand-offs each Monday, overrides, and what whoever is on call does in an incident.

import { wallClock } from '../../packages/pgsteward/src/stats/weekly-window.ts'
import { DAY_MINUTES } from './board.ts'
import { BEGIN, DAY, END, TARGET, TIME_ZONE, TROUBLES, type Trouble } from './calendar.ts'
import type { Person } from './config.ts'
import { type Deed, later, type Story } from './diary.ts'
import type { Team } from './people.ts'

export function dutyStories(): readonly Story[] {
  return [...mondays().map(handOff), ...overrides(), ...TROUBLES.map(incident)]
}

/** At nine by the clocks of Berlin, but the first: with it the rotation begins. */
function mondays(): readonly Date[] {
  const found: Date[] = []
  for (let at = BEGIN.getTime() + 7 * DAY; at < END.getTime(); at += 7 * DAY) {
    const midnight = new Date(at)
    found.push(later(midnight, 9 * 60 - wallClock(midnight, TIME_ZONE).minute))
  }
  return found
}

/** Given twenty minutes before, taken within the first quarter of an hour. */
function handOff(monday: Date): Story {
  let given = { name: '', to: '' }
  return [
    {
      at: later(monday, -20),
      does: async (team) => {
        given = await team.onCall.handOff(null, 'All is in the summary.', await team.primary())
      },
    },
    {
      at: later(monday, 12),
      does: async ({ onCall }) => {
        await onCall.acknowledge(given.name, given.to, null)
      },
    },
  ]
}

function overrides(): readonly Story[] {
  // Eva has the night in which the clocks go back
  return [
    [
      override(
        '2026-08-20T12:00:00Z',
        'ben',
        '2026-08-28T15:00:00Z',
        '2026-08-28T20:00:00Z',
        'parents evening',
      ),
    ],
    [override('2026-10-19T09:00:00Z', 'eva', '2026-10-24T18:00:00Z', '2026-10-25T12:00:00Z', 'a wedding')],
    [
      override(
        '2026-10-01T12:00:00Z',
        'eva',
        '2026-10-03T06:00:00Z',
        '2026-10-03T20:00:00Z',
        'a move',
        'secondary',
      ),
    ],
    withdrawn(),
  ]
}

function override(
  at: string,
  person: Person,
  from: string,
  until: string,
  because: string,
  role: 'primary' | 'secondary' = 'primary',
): Deed {
  return {
    at: new Date(at),
    does: async ({ onCall }) => {
      await onCall.override({ role, person, from: new Date(from), until: new Date(until), because }, person)
    },
  }
}

function withdrawn(): Story {
  let name = ''
  return [
    {
      at: new Date('2026-09-08T09:00:00Z'),
      does: async ({ onCall }) => {
        const [from, until] = [new Date('2026-09-12T06:00:00Z'), new Date('2026-09-13T06:00:00Z')]
        const given = { role: 'primary', person: 'anna', from, until, because: 'a concert' } as const
        name = (await onCall.override(given, 'ben')).name
      },
    },
    {
      at: new Date('2026-09-10T09:00:00Z'),
      does: async ({ onCall }) => {
        await onCall.withdraw(name, 'ben', 'the concert is off')
      },
    },
  ]
}

interface Lessons {
  readonly happened: string
  readonly impact: string
  readonly wentWell: readonly string[]
  readonly wentBadly: readonly string[]
  readonly actionItems: readonly {
    readonly text: string
    readonly owner: Person
    readonly afterDays: number
  }[]
}

const LESSONS: Readonly<Record<Trouble['id'], Lessons>> = {
  'slow-inbox': {
    happened:
      'After the import of a large church the inbox took two seconds, and every sixth request timed out.',
    impact: 'The inbox was slow for everybody for 47 minutes; no message was lost.',
    wentWell: ['The alert named the statement.', 'It was in hand within ten minutes.'],
    wentBadly: ['Nobody thought of the statistics after the import.'],
    actionItems: [
      { text: 'Analyze at the end of each import', owner: 'ben', afterDays: 7 },
      { text: 'A plan check on the unread count in CI', owner: 'carla', afterDays: 14 },
    ],
  },
  connections: {
    happened: 'The nightly export opened a connection for each church, until none was left.',
    impact: 'Two of three requests failed for 24 minutes of the night; deliveries came late.',
    wentWell: ['The board had one member within two minutes.'],
    wentBadly: ['The export had no limit of its own.', 'No reserve was kept for sign-in.'],
    actionItems: [
      { text: 'The export reads through a pool of four', owner: 'carla', afterDays: 7 },
      { text: 'Each job has a role with a connection limit', owner: 'david', afterDays: 14 },
    ],
  },
}

/** In hand, explained, mended; reviewed the day after; its items done, the last one late. */
function incident(trouble: Trouble): Story {
  const { id, from, to, cause, mended } = trouble
  const { actionItems, wentWell, wentBadly, ...told } = LESSONS[id]
  const reviewedAt = later(to, DAY_MINUTES)
  const lastedMinutes = (to.getTime() - from.getTime()) / 60_000
  const said = (minutes: number, entry: (primary: string) => Entry): Deed => ({
    at: later(from, minutes),
    does: async (team) => add(team, trouble, entry(await team.primary())),
  })
  return [
    said(12, (name) => ({ action: 'role-taken', role: 'commander', name, actor: name })),
    said(14, (actor) => ({ action: 'status-told', text: `${trouble.title}. We are on it.`, actor })),
    said(lastedMinutes - 8, (actor) => ({ action: 'cause-found', text: cause, actor })),
    said(lastedMinutes, (actor) => ({ action: 'mitigated', text: mended, actor })),
    {
      at: reviewedAt,
      does: (team) =>
        add(team, trouble, {
          action: 'reviewed',
          review: {
            ...told,
            rootCause: cause,
            wentWell: [...wentWell],
            wentBadly: [...wentBadly],
            actionItems: actionItems.map(({ text, owner, afterDays }) => ({
              text,
              owner,
              due: dayOf(later(reviewedAt, afterDays * DAY_MINUTES)),
            })),
          },
          actor: 'anna',
        }),
    },
    ...actionItems.map(({ owner, afterDays }, item): Deed => {
      const isLate = item === actionItems.length - 1
      return {
        at: later(reviewedAt, (afterDays + (isLate ? 3 : -1)) * DAY_MINUTES),
        does: (team) => add(team, trouble, { action: 'action-done', item, text: '', actor: owner }),
      }
    }),
  ]
}

type Entry = Parameters<Team['incidents']['add']>[1]

async function add({ incidents }: Team, { from, to }: Trouble, entry: Entry): Promise<void> {
  const its = (await incidents.all(TARGET)).find(
    ({ openedAt }) => Date.parse(openedAt) >= from.getTime() && Date.parse(openedAt) <= to.getTime(),
  )
  if (its === undefined) throw new Error(`no incident was opened from ${from.toISOString()} on`)
  await incidents.add(its.name, entry)
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10)
}
