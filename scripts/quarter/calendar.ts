// The simulated quarter: thirteen weeks of a shop for messages, told as a calendar of what happens in it. Everything else follows.

const HOUR = 3_600_000
export const DAY = 24 * HOUR

/** A Monday; daylight saving ends in Europe on the last Sunday but none of the thirteen weeks. */
export const BEGIN = new Date('2026-08-03T00:00:00Z')
export const END = new Date('2026-11-02T00:00:00Z')
export const TIME_ZONE = 'Europe/Berlin'
export const TARGET = 'parish'
export const APPLICATION = 'messaging'

export interface Release {
  readonly at: Date
  readonly version: string
  readonly what: string
}

/** Every second Tuesday at ten. The fourth makes the member list slower, the fifth mends it. */
export const RELEASES: readonly Release[] = [
  ['2026-08-11', '2.1.0', 'attachments of up to 25 MB'],
  ['2026-08-25', '2.2.0', 'inbox counts unread messages'],
  ['2026-09-08', '2.3.0', 'billing by card'],
  ['2026-09-22', '2.4.0', 'member list shows the last contact'],
  ['2026-10-06', '2.4.1', 'member list reads the last contact once'],
  ['2026-10-20', '2.5.0', 'scheduled messages'],
].map(([day, version, what]) => ({ at: new Date(`${day}T08:00:00Z`), version: version!, what: what! }))

export const SLOWER_MEMBERS = { from: RELEASES[3]!.at, to: RELEASES[4]!.at, factor: 1.22 }

/** A spell in which something is broken, and who mends it how. */
export interface Trouble {
  readonly id: 'slow-inbox' | 'connections'
  readonly from: Date
  readonly to: Date
  readonly title: string
  readonly cause: string
  readonly mended: string
}

export const TROUBLES: readonly Trouble[] = [
  {
    id: 'slow-inbox',
    from: new Date('2026-08-27T12:05:00Z'),
    to: new Date('2026-08-27T12:52:00Z'),
    title: 'Inbox slow, requests time out',
    cause:
      'Statistics of conversation_message went stale after an import, and the unread count of 2.2.0 became a nested loop.',
    mended: 'ANALYZE of conversation_message; its autovacuum_analyze_scale_factor is 0.01 now.',
  },
  {
    id: 'connections',
    from: new Date('2026-10-14T03:12:00Z'),
    to: new Date('2026-10-14T03:36:00Z'),
    title: 'No connections left',
    cause: 'The nightly export opened a connection for each church and kept it.',
    mended: 'Export stopped, then limited to four connections.',
  },
]

/** pgsteward itself was away: what is not known must not be called good. */
export const UNOBSERVED = { from: new Date('2026-09-13T01:00:00Z'), to: new Date('2026-09-13T05:00:00Z') }

/** The change board meets every second Wednesday at half past two in Berlin. */
export const BOARD_MEETINGS: readonly Date[] = [
  '2026-08-05',
  '2026-08-19',
  '2026-09-02',
  '2026-09-16',
  '2026-09-30',
  '2026-10-14',
  '2026-10-28',
].map((day) => new Date(`${day}T12:30:00Z`))

/** A foreign key without an index, the statement that suffers, and the night in which its remedy is approved for. */
export interface Optimization {
  readonly table: string
  readonly column: string
  readonly refers: string
  readonly statement: string
  readonly slowMs: number
  readonly fastMs: number
  readonly callsPerSecond: number
  readonly decidedAt: Date
}

export const OPTIMIZATIONS: readonly Optimization[] = [
  ['evidence_file', 'answer_id', 'answer', 42, 0.9, 0.6, '2026-08-19'],
  ['group_membership', 'member_id', 'member', 18, 0.3, 2.2, '2026-09-02'],
  ['payment', 'subscription_id', 'subscription', 27, 0.5, 0.9, '2026-09-16'],
  ['delivery', 'message_recipient_id', 'message_recipient', 64, 0.6, 1.4, '2026-09-30'],
  ['assessment', 'member_id', 'member', 31, 0.8, 0.5, '2026-10-14'],
].map(([table, column, refers, slowMs, fastMs, callsPerSecond, day]) => ({
  table: String(table),
  column: String(column),
  refers: String(refers),
  statement: `select * from ${table} where ${column} = $1`,
  slowMs: Number(slowMs),
  fastMs: Number(fastMs),
  callsPerSecond: Number(callsPerSecond),
  decidedAt: new Date(`${day}T13:00:00Z`),
}))

/** Of its finding. */
export function findingKeyOf({ table }: Pick<Optimization, 'table'>): string {
  return `unindexed-foreign-key:table/${TARGET}/public/${table}`
}

export function isWithin(at: Date, { from, to }: { readonly from: Date; readonly to: Date }): boolean {
  return at >= from && at < to
}

export function troubleAt(at: Date, id: Trouble['id']): boolean {
  return TROUBLES.some((each) => each.id === id && isWithin(at, each))
}
