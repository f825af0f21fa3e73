// How activity is said in words, and what parts of it are called; no markup.

import type { ActivityWire, BlockedSessionWire, SamplingWire } from 'pgsteward/wire'
import { formatMs, plural } from '../format.ts'

export const DIMENSIONS = [
  { id: 'waitType', title: 'Wait class' },
  { id: 'waitEvent', title: 'Wait event' },
  { id: 'queryId', title: 'Statement' },
  { id: 'application', title: 'Application' },
  { id: 'user', title: 'User' },
  { id: 'database', title: 'Database' },
] as const

export type Dimension = (typeof DIMENSIONS)[number]['id']

/** What the address keeps for a value that is null. */
export const NULL_VALUE = 'null'

export function averageText(average: number): string {
  return average > 0 && average < 0.01
    ? '<\u00a00.01'
    : Number(average.toFixed(average < 10 ? 2 : 1)).toString()
}

/** Null while all is as it should be. */
export function samplingTrouble({ status, because }: SamplingWire): string | null {
  switch (status) {
    case 'sampling':
      return because === null ? null : `Sampled more rarely than configured: ${because}.`
    case 'waiting':
      return `Not sampled: ${because ?? 'the first reading of the target is under way'}.`
    case 'resting':
      return `Not sampled: ${because ?? 'the target is left to sleep'}.`
    case 'down':
      return `Not sampled, since the target does not answer: ${because ?? 'no reason was given'}. It is tried again.`
    case 'off':
      return `Not sampled: ${because ?? 'it is switched off'}.`
  }
}

/** Who a session is to the one who is called at night. */
export function sessionName(
  session: Pick<BlockedSessionWire, 'pid' | 'application' | 'user' | 'preparedAs'>,
): string {
  if (session.preparedAs !== null) return `prepared transaction ${session.preparedAs}`
  const who = session.application || session.user
  return who === null || who === '' ? `pid ${session.pid}` : `${who}, pid ${session.pid}`
}

/** What it holds up, or waits for. */
export function waitText({ waitsFor, state, transactionMs }: BlockedSessionWire): string {
  if (waitsFor === null) {
    const open = transactionMs === null ? '' : `, transaction open for ${formatMs(transactionMs)}`
    return `${state ?? 'state not known'}${open}`
  }
  const what =
    waitsFor.lockType === 'relation'
      ? `${waitsFor.relation ?? 'a table'} (${waitsFor.lockMode})`
      : waitsFor.lockType === 'transactionid' || waitsFor.lockType === 'tuple'
        ? `a row of ${waitsFor.relation ?? 'a table'}`
        : `${waitsFor.lockType} ${waitsFor.lockMode}`
  return `waits for ${what} since ${formatMs(waitsFor.waitedMs)}`
}

/** One sentence: is it all right? */
export function headline(data: ActivityWire): string {
  if (data.seconds === 0) return 'Nothing was sampled in this range.'
  const lasting = data.incidents.filter(({ endedAt }) => endedAt === null).length
  if (lasting > 0)
    return `${plural(lasting, 'session keeps', 'sessions keep')} others waiting for a lock right now.`
  const most = data.waits[0]
  const work = `${averageText(data.average)} sessions at work on average, ${data.peak} at most`
  if (most === undefined || most.name === 'CPU') return `${work}.`
  return `${work}; ${Math.round(most.share * 100)} % of it was ${most.name}.`
}
