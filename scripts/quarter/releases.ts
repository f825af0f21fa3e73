// Releases of the quarter beside their changes: the rehearsal the day before, and the reviews after each launch.

import type { RehearsalDesk } from '../../packages/pgsteward/src/app/govern/rehearsal-desk.ts'
import type { DueReviewWire } from '../../packages/pgsteward/src/model/review-wire.ts'
import { DAY_MINUTES } from './board.ts'
import { APPLICATION, BEGIN, DAY, END, RELEASES, type Release, TARGET } from './calendar.ts'
import { later, type Story } from './diary.ts'
import type { Team } from './people.ts'

/** Its rehearsal fails at the migrations and is rolled back; the second passes. */
const FAILS = '2.4.0'
const MIGRATIONS = 'Apply the migrations'

export function releaseStories(): readonly Story[] {
  return [...RELEASES.flatMap(rehearsals), ...RELEASES.map(launch), ...mornings()]
}

function rehearsals({ at, version }: Release): readonly Story[] {
  const dayBefore = later(at, -DAY_MINUTES)
  // within an hour: the readings of the next wait for it
  const first = { at: later(dayBefore, 65), does: (team: Team) => rehearse(team, version, version === FAILS) }
  const second = { at: later(dayBefore, 245), does: (team: Team) => rehearse(team, version, false) }
  return version === FAILS ? [[first, second]] : [[first]]
}

async function rehearse({ clock, governance }: Team, release: string, fails: boolean): Promise<void> {
  const desk: RehearsalDesk = governance.rehearsals
  const actor = 'ben'
  let rehearsal = await desk.start({ release, target: TARGET, actor })
  for (let next = rehearsal.next; next !== null; next = rehearsal.next) {
    const step = rehearsal.steps[next - 1]!
    await desk.add(rehearsal.name, 'begin', { step: next, actor })
    clock.at = later(clock.at, ((step.expectedMs ?? 0) / 60_000) * (0.7 + 0.05 * (next % 8)))
    rehearsal =
      fails && step.title === MIGRATIONS
        ? await desk.add(rehearsal.name, 'fail', {
            step: next,
            note: 'canceling statement due to lock timeout: ALTER TABLE member waits behind a report',
            actor,
          })
        : await desk.add(rehearsal.name, 'done', { step: next, note: '', actor })
  }
  const note = fails ? 'The report runs at another time; once more this afternoon.' : 'Ready.'
  await desk.add(rehearsal.name, 'finish', { note, actor })
}

function launch({ at, version }: Release): Story {
  return [
    {
      at: later(at, 25),
      does: async ({ governance }) => {
        const launchedAt = at.toISOString()
        await governance.reviews.open({
          title: APPLICATION,
          version,
          target: TARGET,
          launchedAt,
          actor: 'ben',
        })
      },
    },
    {
      at: later(at, 7 * DAY_MINUTES + 30),
      does: async ({ reports }) => {
        await reports.make('release', TARGET, version)
      },
    },
  ]
}

/** Figures of what fell due each morning; on working days whoever is on call looks at them. */
function mornings(): readonly Story[] {
  const days = Array.from({ length: (END.getTime() - BEGIN.getTime()) / DAY }, (_, day) => day)
  return days.map((day) => {
    const at = later(new Date(BEGIN.getTime() + day * DAY), 8 * 60 + 5)
    const isWorkday = at.getUTCDay() % 6 !== 0
    return [
      { at, does: ({ governance }) => governance.reviews.measureDue() },
      ...(isWorkday ? [{ at: later(at, 35), does: reviewDue }] : []),
    ]
  })
}

async function reviewDue({ governance, primary }: Team): Promise<void> {
  const actor = await primary()
  for (const { name, state, reviews, actions } of await governance.reviews.list()) {
    if (state === 'closed') continue
    for (const due of reviews.filter(({ state }) => state === 'due' || state === 'overdue'))
      await governance.reviews.add(name, 'review', { due: due.number, note: noteOn(due), actor })
    const worst = reviews.find(({ worse }) => worse.length > 0)?.worse[0]
    if (worst === undefined || actions.length > 0) continue
    await governance.reviews.add(name, 'open-action', { what: worst, owner: 'carla', due: null, actor })
  }
}

function noteOn({ worse }: DueReviewWire): string {
  return worse.length === 0 ? 'As before the launch.' : `Worse: ${worse.join('; ')}.`
}
