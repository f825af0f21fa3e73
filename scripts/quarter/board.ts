// The change board's quarter: what was asked for, voted on and decided, what became of it, and the minutes of each meeting.

import type { z } from 'zod'
import {
  type CHANGE_REQUESTS,
  type ChangeRequest,
  changeProposal,
} from '../../packages/pgsteward/src/model/change-wire.ts'
import {
  BOARD_MEETINGS,
  findingKeyOf,
  OPTIMIZATIONS,
  type Optimization,
  RELEASES,
  TARGET,
  TROUBLES,
} from './calendar.ts'
import type { Person } from './config.ts'
import { type Deed, later, type Story } from './diary.ts'
import type { Team } from './people.ts'

export const DAY_MINUTES = 1_440
const MEETING_MINUTES = 60

export function boardStories(): readonly Story[] {
  return [
    ...BOARD_MEETINGS.map(meeting),
    ...OPTIMIZATIONS.map(optimization),
    ...RELEASES.map((_, index) => release(index)),
    deferred(),
    takenBack(),
    rejected(),
    standard(),
    emergency(),
  ]
}

function meeting(meetsAt: Date, index: number): Story {
  let name = ''
  // Ben is away once: two of three are still enough
  const present: readonly Person[] = index === 2 ? ['anna', 'eva'] : ['anna', 'ben', 'eva']
  const is = (minutes: number, does: (meetings: Team['governance']['meetings']) => Promise<void>): Deed => ({
    at: later(meetsAt, minutes),
    does: ({ governance }) => does(governance.meetings),
  })
  return [
    is(-2 * DAY_MINUTES, async (meetings) => {
      const plan = {
        title: 'Change board',
        meetsAt: meetsAt.toISOString(),
        place: 'Video call',
        actor: 'anna',
      }
      name = (await meetings.plan(plan)).name
    }),
    is(0, async (meetings) => {
      await meetings.add(name, 'hold', { present: [...present], actor: 'anna' })
    }),
    is(MEETING_MINUTES, async (meetings) => {
      const { agenda } = await meetings.one(name)
      const what = 'Look at what was applied, and verify it'
      const due = later(meetsAt, 7 * DAY_MINUTES).toISOString()
      await meetings.add(name, 'minutes', {
        notes: `${agenda.length} on the agenda, in its order.`,
        actions: [{ what, owner: 'david', due }],
        actor: 'eva',
      })
    }),
    is(6 * DAY_MINUTES, async (meetings) => {
      await meetings.add(name, 'action-done', { action: 1, note: 'Verified.', actor: 'david' })
      await meetings.add(name, 'close', { note: 'Nothing is left open.', actor: 'anna' })
    }),
  ]
}

/** Asked for by David the day before the board; its job is approved after it, and runs at night. */
function optimization(each: Optimization): Story {
  const { table, column, refers, statement, slowMs, decidedAt } = each
  const key = findingKeyOf(each)
  const meets = boardBefore(decidedAt)
  const proposal: Proposal = {
    title: `An index on ${table} (${column})`,
    why: `\`${statement}\` takes ${slowMs} ms, and the delete of a ${refers} reads all of ${table}.`,
    risk: 'low',
    type: 'index',
    plan: 'Built concurrently by maintenance, in its window.',
    rollback: 'The index is dropped concurrently: the job has its undo.',
    findings: [key],
  }
  return change(later(meets, -DAY_MINUTES), 'david', proposal, ({ name, votes, close }) => [
    ...votes(meets, { anna: 'approve', eva: 'approve' }),
    {
      at: decidedAt,
      does: async ({ maintenance }) => {
        await maintenance.approveFinding(TARGET, key, 'anna', 'The change board approved it.')
      },
    },
    // whoever verifies has the record's measure before them
    {
      at: later(decidedAt, 10 * DAY_MINUTES),
      does: async ({ governance, optimizations }) => {
        const record = (await optimizations.all(TARGET)).find(({ findingKey }) => findingKey === key)!
        const { verdict, measure } = record
        const ratio = measure?.measuredRatio ?? null
        await governance.changes.add(name(), 'verify', {
          worked: verdict === 'improved' || verdict === 'gone',
          effect:
            ratio === null
              ? `${record.name}: ${verdict ?? record.state}`
              : `${record.name}: its statements take ${(ratio * 100).toFixed(1)} % of the time`,
          actor: 'david',
        })
      },
    },
    close(later(decidedAt, 11 * DAY_MINUTES), 'Measured and kept.'),
  ])
}

/** Decided by the board before it; the fourth made a page slower, which the fifth mends. */
function release(index: number): Story {
  const { at, version, what } = RELEASES[index]!
  const meets = boardBefore(at)
  const mends = version === '2.4.0' ? RELEASES[index + 1]! : null
  const proposal: Proposal = {
    title: `Release ${version}: ${what}`,
    why: 'The next of the plan; its rehearsal comes the day before it.',
    risk: 'medium',
    type: 'release',
    plan: 'Migrations, then the new version, by its rehearsed template.',
    rollback: 'The version before; its migrations only add.',
    wished: { from: at.toISOString(), until: later(at, 120).toISOString() },
  }
  return change(later(meets, -120), 'ben', proposal, ({ add, votes, close }) => {
    const verify = (after: Date, worked: boolean, effect: string) =>
      add(after, 'carla', 'verify', { worked, effect })
    return [
      ...votes(meets, { anna: 'approve', eva: 'approve' }),
      add(later(at, 20), 'ben', 'apply', done(`Version ${version} is out.`)),
      ...(mends === null
        ? [
            verify(later(at, 3 * DAY_MINUTES), true, 'Errors, p95 and load are as before.'),
            close(later(at, 7 * DAY_MINUTES), 'A week without trouble.'),
          ]
        : [
            verify(later(at, 3 * DAY_MINUTES), false, 'GET /members is a fifth slower since then.'),
            verify(later(mends.at, 2 * DAY_MINUTES), true, `As fast as before since ${mends.version}.`),
            close(later(mends.at, 3 * DAY_MINUTES), `Mended by ${mends.version}.`),
          ]),
    ]
  })
}

function deferred(): Story {
  const [, , first, second] = BOARD_MEETINGS as readonly [Date, Date, Date, Date]
  const proposal: Proposal = {
    title: 'audit_log by month',
    why: 'It grows by two million rows a month, and only its last days are read.',
    risk: 'high',
    plan: '`pgsteward partition run`, at night.',
    rollback: '`pgsteward partition undo`.',
  }
  return change(later(first, -DAY_MINUTES), 'david', proposal, ({ add, votes, close }) => [
    add(later(first, 30), 'eva', 'decide', {
      decision: 'deferred',
      reason: 'First on a copy.',
      emergency: false,
    }),
    ...votes(second, { anna: 'approve', ben: 'abstain', eva: 'approve' }),
    add(later(second, 3 * DAY_MINUTES), 'david', 'apply', done('audit_log is partitioned by month.')),
    add(later(second, 9 * DAY_MINUTES), 'david', 'verify', {
      worked: true,
      effect: 'Its statements read one partition.',
    }),
    close(later(second, 10 * DAY_MINUTES), 'Verified.'),
  ])
}

function takenBack(): Story {
  const meets = BOARD_MEETINGS[1]!
  const proposal: Proposal = {
    title: 'work_mem of the application from 4 to 64 MB',
    why: 'The member list sorts on disk.',
    risk: 'medium',
    plan: "alter role messaging set work_mem = '64MB'",
    rollback: 'alter role messaging reset work_mem',
  }
  return change(later(meets, -DAY_MINUTES), 'carla', proposal, ({ add, votes, close }) => [
    ...votes(meets, { anna: 'approve', ben: 'approve', eva: 'reject' }),
    add(later(meets, DAY_MINUTES), 'carla', 'apply', done(proposal.plan)),
    add(later(meets, 2 * DAY_MINUTES), 'carla', 'roll-back', {
      what: proposal.rollback,
      reason: 'Memory doubled at the peak, and the sort was an index that was missing.',
    }),
    close(later(meets, 5 * DAY_MINUTES), 'Taken back.'),
  ])
}

function rejected(): Story {
  const meets = BOARD_MEETINGS.at(-1)!
  const proposal: Proposal = {
    title: 'max_connections from 103 to 500',
    why: 'There were none left on 14 October.',
    risk: 'high',
    plan: 'alter system set max_connections = 500, then a restart',
    rollback: 'alter system reset max_connections, then a restart',
  }
  return change(later(meets, -3 * DAY_MINUTES), 'carla', proposal, ({ votes }) =>
    votes(meets, { anna: 'reject', ben: 'reject' }),
  )
}

/** Approved beforehand: a setting of low risk. */
function standard(): Story {
  const { from } = TROUBLES[0]!
  const proposal: Proposal = {
    title: 'conversation_message is analyzed after one changed row in a hundred',
    why: 'Its statistics were stale after an import, and the inbox stood still.',
    risk: 'low',
    type: 'setting',
    plan: 'alter table conversation_message set (autovacuum_analyze_scale_factor = 0.01)',
    rollback: 'alter table conversation_message reset (autovacuum_analyze_scale_factor)',
  }
  return change(later(from, 65), 'ben', proposal, ({ add, close }) => [
    add(later(from, 70), 'ben', 'apply', done(proposal.plan)),
    add(later(from, 7 * DAY_MINUTES), 'ben', 'verify', {
      worked: true,
      effect: 'Analyzed every night since.',
    }),
    close(later(from, 8 * DAY_MINUTES), 'Verified.'),
  ])
}

/** At five in the morning, by the one member of the board that escalation wakes. */
function emergency(): Story {
  const { from } = TROUBLES[1]!
  const proposal: Proposal = {
    title: 'The nightly export gets four connections at most',
    why: 'It holds ninety, and nobody can sign in.',
    risk: 'medium',
    plan: 'alter role export connection limit 4; its sessions are ended',
    rollback: 'alter role export connection limit -1',
  }
  return change(later(from, 16), 'carla', proposal, ({ add, close }) => [
    add(later(from, 18), 'eva', 'decide', {
      decision: 'approved',
      reason: 'Nobody can sign in.',
      emergency: true,
    }),
    add(later(from, 21), 'carla', 'apply', done(proposal.plan)),
    add(later(from, 3 * DAY_MINUTES), 'carla', 'verify', {
      worked: true,
      effect: 'Three nights with four connections; the export takes eleven minutes more.',
    }),
    close(later(from, 4 * DAY_MINUTES), 'The board looked back on it.'),
  ])
}

type Proposal = z.input<typeof changeProposal>
type Body<R extends ChangeRequest> = z.output<(typeof CHANGE_REQUESTS)[R]>

interface OfChange {
  readonly name: () => string
  readonly add: <R extends ChangeRequest>(at: Date, actor: Person, request: R, body: Body<R>) => Deed
  /** Within the meeting, one after the other. The board's rule decides as soon as no vote can turn it. */
  readonly votes: (
    meets: Date,
    cast: Readonly<Partial<Record<Person, 'approve' | 'reject' | 'abstain'>>>,
  ) => readonly Deed[]
  readonly close: (at: Date, note: string) => Deed
}

function change(
  at: Date,
  actor: Person,
  proposal: Proposal,
  goesOn: (of: OfChange) => readonly Deed[],
): Story {
  let name = ''
  const add: OfChange['add'] = (at, actor, request, body) => ({
    at,
    does: async ({ governance }) => {
      await governance.changes.add(name, request, { ...body, actor })
    },
  })
  const vote = (at: Date, actor: Person, vote: 'approve' | 'reject' | 'abstain'): Deed => ({
    at,
    does: async (team) => {
      const { state } = await team.governance.changes.one(name)
      // the votes before have decided it
      if (state === 'open' || state === 'deferred')
        await add(at, actor, 'vote', { vote, reason: '' }).does(team)
    },
  })
  const opening: Deed = {
    at,
    does: async ({ governance }) => {
      const given = changeProposal.parse(proposal)
      name = (await governance.changes.open({ ...given, target: TARGET, actor })).name
    },
  }
  const goingOn = goesOn({
    name: () => name,
    add,
    votes: (meets, cast) =>
      Object.entries(cast).map(([person, cast], index) =>
        vote(later(meets, 10 + index), person as Person, cast),
      ),
    close: (at, note) => add(at, 'anna', 'close', { note }),
  })
  return [opening, ...goingOn]
}

function done(what: string): Body<'apply'> {
  return { what, jobId: null, outcome: 'done' }
}

function boardBefore(at: Date): Date {
  return BOARD_MEETINGS.findLast((each) => each < at)!
}
