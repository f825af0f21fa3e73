import { expect, test } from 'vitest'
import type { Outcome } from '../model/check.ts'
import type { Finding, Severity } from '../model/finding.ts'
import type { Change, OpenFinding } from '../model/open-finding.ts'
import { track } from './track.ts'

const MINUTE = 60_000
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1) + minute * MINUTE)
const atOnce = { id: 'unused-index', area: 'index' } as const
const held = { id: 'blocking-chain', area: 'availability', holdMs: 2 * MINUTE } as const

function finding(severity: Severity, name = 'orders_note'): Finding {
  const subject = { kind: 'index', database: 'shop', schema: 'public', name } as const
  return {
    subject,
    severity,
    summary: `Index ${name} is never used`,
    evidence: [{ label: 'scans', value: 0, unit: 'count' }],
  }
}

const found = (checkId: string, ...findings: Finding[]): Outcome => ({ status: 'found', checkId, findings })
const quiet = (checkId: string): Outcome => ({ status: 'quiet', checkId })

/** Plays one outcome a minute; returns the transition of each minute, and what is known at the end. */
function play(
  check: typeof atOnce | typeof held,
  outcomes: readonly Outcome[],
  touch?: (minute: number, known: OpenFinding[]) => OpenFinding[],
) {
  let known: OpenFinding[] = []
  const transitions: string[] = []
  outcomes.forEach((outcome, minute) => {
    if (touch !== undefined) known = touch(minute, known)
    const changes: readonly Change[] = track('shop', [check], known, [outcome], at(minute))
    transitions.push(changes.map((change) => change.transition).join('+') || '-')
    const touched = new Set(changes.map((change) => change.finding.key))
    known = [
      ...known.filter((each) => !touched.has(each.key)),
      ...changes
        .filter(({ transition }) => transition !== 'resolved' && transition !== 'forgotten')
        .map((change) => change.finding),
    ]
  })
  return { transitions, known }
}

const mute = (minutes: number) => (minute: number, known: OpenFinding[]) =>
  minute === 1
    ? known.map(
        (each): OpenFinding => ({
          ...each,
          state: 'muted',
          mutedUntil: at(1 + minutes),
          muteReason: 'known',
        }),
      )
    : known

test.each<[name: string, check: typeof atOnce | typeof held, outcomes: Outcome[], transitions: string[]]>([
  [
    'opens, persists, resolves',
    atOnce,
    [found(atOnce.id, finding('warning')), found(atOnce.id, finding('warning')), quiet(atOnce.id)],
    ['opened', 'persisted', 'resolved'],
  ],
  [
    'worsens and eases',
    atOnce,
    [
      found(atOnce.id, finding('info')),
      found(atOnce.id, finding('critical')),
      found(atOnce.id, finding('warning')),
    ],
    ['opened', 'worsened', 'eased'],
  ],
  [
    'waits out its hold',
    held,
    [0, 1, 2].map(() => found(held.id, finding('warning'))),
    ['pending', 'pending', 'opened'],
  ],
  [
    'is forgotten when it passes within its hold',
    held,
    [found(held.id, finding('warning')), quiet(held.id)],
    ['pending', 'forgotten'],
  ],
  [
    'stays open once opened, hold or not',
    held,
    [0, 1, 2, 3].map(() => found(held.id, finding('warning'))),
    ['pending', 'pending', 'opened', 'persisted'],
  ],
  [
    'is frozen by a skipped outcome',
    atOnce,
    [
      found(atOnce.id, finding('warning')),
      { status: 'skipped', checkId: atOnce.id, because: 'no permission' },
      quiet(atOnce.id),
    ],
    ['opened', '-', 'resolved'],
  ],
  [
    'is frozen by a failed outcome',
    atOnce,
    [
      found(atOnce.id, finding('warning')),
      { status: 'failed', checkId: atOnce.id, error: new Error('bug') },
      found(atOnce.id, finding('warning')),
    ],
    ['opened', '-', 'persisted'],
  ],
  [
    'opens again after it was resolved',
    atOnce,
    [found(atOnce.id, finding('warning')), quiet(atOnce.id), found(atOnce.id, finding('warning'))],
    ['opened', 'resolved', 'opened'],
  ],
  [
    'tells subjects apart',
    atOnce,
    [
      found(atOnce.id, finding('warning', 'a'), finding('warning', 'b')),
      found(atOnce.id, finding('warning', 'b')),
    ],
    ['opened+opened', 'persisted+resolved'],
  ],
])('a finding %s', (_name, check, outcomes, transitions) => {
  expect(play(check, outcomes).transitions).toEqual(transitions)
})

test('a muted finding stays muted until its time is over', () => {
  const { transitions, known } = play(
    atOnce,
    [0, 1, 2, 3, 4].map(() => found(atOnce.id, finding('warning'))),
    mute(2),
  )
  expect(transitions).toEqual(['opened', 'persisted', 'persisted', 'unmuted', 'persisted'])
  expect(known[0]).toMatchObject({ state: 'open', mutedUntil: null, muteReason: null })
})

test('a muted finding that grows worse comes back at once', () => {
  const { transitions, known } = play(
    atOnce,
    [
      found(atOnce.id, finding('info')),
      found(atOnce.id, finding('info')),
      found(atOnce.id, finding('critical')),
    ],
    mute(60),
  )
  expect(transitions).toEqual(['opened', 'persisted', 'worsened'])
  expect(known[0]).toMatchObject({ state: 'open', severity: 'critical' })
})

test('a muted finding that eases stays muted', () => {
  const { known } = play(
    atOnce,
    [
      found(atOnce.id, finding('critical')),
      found(atOnce.id, finding('critical')),
      found(atOnce.id, finding('info')),
    ],
    mute(60),
  )
  expect(known[0]).toMatchObject({ state: 'muted', severity: 'info' })
})

test('dates tell since when, and until when, it stood', () => {
  const turn = (known: readonly OpenFinding[], outcome: Outcome, minute: number) =>
    track('shop', [atOnce], known, [outcome], at(minute))[0]!.finding
  const opened = turn([], found(atOnce.id, finding('warning')), 0)
  const persisted = turn([opened], found(atOnce.id, finding('warning')), 1)
  const resolved = turn([persisted], quiet(atOnce.id), 2)
  expect(resolved).toMatchObject({
    firstSeenAt: at(0),
    openedAt: at(0),
    lastSeenAt: at(1),
    resolvedAt: at(2),
    state: 'resolved',
  })
})

test('a hold that began by a clock put forward is waited out from when the clock is right, and no longer', () => {
  const forward = (minute: number, known: OpenFinding[]) =>
    minute === 1 ? known.map((each): OpenFinding => ({ ...each, firstSeenAt: at(60) })) : known
  const { transitions } = play(
    held,
    [0, 1, 2, 3].map(() => found(held.id, finding('warning'))),
    forward,
  )
  expect(transitions).toEqual(['pending', 'pending', 'pending', 'opened'])
})
