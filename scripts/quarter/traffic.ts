// How busy the shop is at a moment, and how long things take then: a pure function of time, so that any run makes the same quarter.

import { BEGIN, DAY, isWithin, OPTIMIZATIONS, SLOWER_MEMBERS, troubleAt } from './calendar.ts'

export interface Route {
  readonly name: string
  readonly perSecond: number
  readonly meanMs: number
  readonly errorRatio: number
}

export interface Statement {
  readonly queryId: string
  readonly text: string
  readonly perSecond: number
  readonly meanMs: number
  readonly rowsPerCall: number
}

/** 0 to 1: nights are quiet, Sundays are busiest at ten, and the shop grows by a third of a percent a day. */
export function busyness(at: Date): number {
  const hour = at.getUTCHours() + at.getUTCMinutes() / 60
  const day = at.getUTCDay()
  const daily = 0.12 + 0.88 * Math.max(0, Math.sin(((hour - 5) / 16) * Math.PI))
  const weekly = day === 0 ? 1.1 : day === 6 ? 0.55 : 0.9
  const growth = 1 + (0.0033 * (at.getTime() - BEGIN.getTime())) / DAY
  return daily * weekly * growth * (1 + 0.06 * noise(at, 1))
}

const ROUTES = [
  ['GET /conversations', 12, 46],
  ['GET /conversations/:id/messages', 9, 31],
  ['POST /messages', 2, 84],
  ['GET /members', 3, 62],
  ['POST /auth/sign-in', 0.5, 255],
  ['POST /billing/charges', 0.06, 410],
  ['GET /deliveries', 0.8, 120],
] as const

export function routesAt(at: Date): readonly Route[] {
  const busy = busyness(at)
  const isOut = troubleAt(at, 'connections')
  return ROUTES.map(([name, perSecond, meanMs], index) => {
    const isInbox = name === 'GET /conversations' && troubleAt(at, 'slow-inbox')
    const members = name === 'GET /members' && isWithin(at, SLOWER_MEMBERS) ? SLOWER_MEMBERS.factor : 1
    return {
      name,
      perSecond: perSecond * busy,
      meanMs: meanMs * members * (isInbox ? 38 : isOut ? 9 : 1) * (1 + 0.05 * noise(at, 10 + index)),
      errorRatio: isOut ? 0.62 : isInbox ? 0.16 : 0.0004,
    }
  })
}

const STATEMENTS = [
  ['select * from conversation where church_id = $1 order by last_message_at desc limit $2', 12, 2.1, 50],
  [
    'select count(*) from conversation_message where conversation_id = any ($1) and read_at is null',
    12,
    3.4,
    1,
  ],
  [
    'select * from conversation_message where conversation_id = $1 order by sent_at desc limit $2',
    9,
    1.6,
    30,
  ],
  ['insert into message (church_id, author_id, body) values ($1, $2, $3) returning id', 2, 0.8, 1],
  ['update delivery set status = $2, updated_at = now() where id = $1', 6, 0.5, 1],
  ['select * from member where church_id = $1 order by last_name, first_name limit $2', 3, 4.2, 50],
  ['select * from app_session where token_hash = $1', 24, 0.12, 1],
  ['insert into audit_log (church_id, action, entity, entity_id) values ($1, $2, $3, $4)', 4, 0.3, 1],
] as const

/** `hasIndex`: of a table of the optimizations, whether its remedy was built. */
export function statementsAt(at: Date, hasIndex: (table: string) => boolean): readonly Statement[] {
  const busy = busyness(at)
  const ordinary = STATEMENTS.map(([text, perSecond, meanMs, rowsPerCall], index) => {
    const isInbox = text.includes('read_at is null') && troubleAt(at, 'slow-inbox')
    const members = text.includes('from member') && isWithin(at, SLOWER_MEMBERS) ? 1.9 : 1
    return {
      queryId: String(1_001 + index),
      text,
      perSecond: perSecond * busy,
      meanMs: meanMs * members * (isInbox ? 420 : 1) * (1 + 0.04 * noise(at, 30 + index)),
      rowsPerCall,
    }
  })
  const slow = OPTIMIZATIONS.map(({ table, statement, slowMs, fastMs, callsPerSecond }, index) => ({
    queryId: String(2_001 + index),
    text: statement,
    perSecond: callsPerSecond * busy,
    meanMs: (hasIndex(table) ? fastMs : slowMs) * (1 + 0.05 * noise(at, 60 + index)),
    rowsPerCall: 2,
  }))
  return [...ordinary, ...slow]
}

/** -1 to 1, the same for the same moment and channel. */
export function noise(at: Date, channel: number): number {
  let hash = Math.imul(Math.floor(at.getTime() / 60_000), 2_654_435_761) ^ Math.imul(channel, 40_503)
  hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_519)
  hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_917)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 31 - 1
}
