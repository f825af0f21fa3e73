// Deadlocks as the log tells them: both statements, the table, and which place of which application sent them.

import type { Memory } from '../model/fact.ts'
import { defineStoredFact } from '../model/fact.ts'
import type { LogRecord } from '../model/log-event.ts'
import type { Window } from '../model/units.ts'
import { fingerprintOf } from '../sql/fingerprint.ts'
import { type LoggedEvents, loggedEvents } from './logged-events.ts'

export interface LoggedDeadlock {
  readonly event: LogRecord
  /** Of the ended one first; literals replaced. */
  readonly statements: readonly {
    readonly text: string
    readonly caller: string | null
  }[]
  readonly table: string | null
}

export interface LoggedDeadlocks extends LoggedEvents {
  readonly deadlocks: readonly LoggedDeadlock[]
}

const HOUR_MS = 3_600_000

/** Of those with callers; a pattern shows in fewer. */
const MOST_LOOKED_UP = 20

const events = loggedEvents({
  id: 'log-deadlocks',
  title: 'Deadlocks that the log tells of, with their statements, over an hour',
  classes: ['deadlock'],
  overMs: HOUR_MS,
})

export const logDeadlocks = defineStoredFact<LoggedDeadlocks>({
  id: events.id,
  title: events.title,
  async read(memory, targetId, now) {
    const logged = await events.read(memory, targetId, now)
    const window = { from: new Date(now.getTime() - 24 * HOUR_MS), to: now }
    const callers = new Map<string, string | null>()
    const deadlocks = logged.events.map((event) => ({
      event,
      texts: statementsOf(event),
      table: tableOf(event),
    }))
    for (const { texts } of deadlocks)
      for (const text of texts) {
        const fingerprint = fingerprintOf(text)
        if (!callers.has(fingerprint) && callers.size < MOST_LOOKED_UP)
          callers.set(fingerprint, await callerOf(memory, targetId, window, fingerprint))
      }
    return {
      ...logged,
      deadlocks: deadlocks.map(({ event, texts, table }) => ({
        event,
        table,
        statements: texts.map((text) => ({ text, caller: callers.get(fingerprintOf(text)) ?? null })),
      })),
    }
  },
})

const PROCESS = /^Process (\d+): (.*)$/

/** DETAIL names each process with its statement, which may have several lines. */
function statementsOf({ detail, query, pid }: LogRecord): readonly string[] {
  const found: { readonly pid: number; text: string }[] = []
  for (const line of (detail ?? '').split('\n')) {
    const [, process, text] = PROCESS.exec(line.trim()) ?? []
    const last = found.at(-1)
    if (process !== undefined && text !== undefined) found.push({ pid: Number(process), text })
    else if (last !== undefined) last.text += ` ${line.trim()}`
  }
  if (found.length === 0) return query === null ? [] : [query]
  return found.sort((a, b) => Number(b.pid === pid) - Number(a.pid === pid)).map(({ text }) => text)
}

function tableOf({ context }: LogRecord): string | null {
  return /in relation "((?:[^"]|"")+)"/.exec(context ?? '')?.[1] ?? null
}

async function callerOf(
  memory: Memory,
  targetId: string,
  window: Window,
  fingerprint: string,
): Promise<string | null> {
  const [operation] = await memory.operations(targetId, window, { kind: 'query', fingerprint, limit: 1 })
  if (operation === undefined) return null
  const { application, caller, route } = operation
  return [application, route, caller].filter((each) => each !== null && each !== '').join(', ')
}
