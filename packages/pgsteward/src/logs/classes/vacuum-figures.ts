// Figures of autovacuum's reports, whose lines changed with nearly every version from 14 to 18.

import type { LogEntry, LogFigures } from '../../model/log-event.ts'
import { numbersIn } from './figures.ts'

const MB = 1024 * 1024
const SHARED = [
  ['bufferHits', /buffer usage: (\d+) hits/],
  ['bufferMisses', /hits, (\d+) (?:misses|reads)/],
  ['bufferDirtied', /(?:misses|reads), (\d+) dirtied/],
  ['readBytesPerSecond', /avg read rate: ([\d.]+) MB\/s/, MB],
  ['writeBytesPerSecond', /avg write rate: ([\d.]+) MB\/s/, MB],
  ['readMs', /I\/O timings: read: ([\d.]+) ms/],
  ['writeMs', /I\/O timings: read: [\d.]+ ms, write: ([\d.]+) ms/],
  ['delayMs', /delay time: ([\d.]+) ms/],
  ['walRecords', /WAL usage: (\d+) records/],
  ['walFullPageImages', /records, (\d+) full page images/],
  ['walBytes', /full page images, (\d+) bytes/],
  ['elapsedMs', /elapsed: ([\d.]+) s/, 1000],
  ['cpuUserMs', /CPU: user: ([\d.]+) s/, 1000],
  ['cpuSystemMs', /system: ([\d.]+) s/, 1000],
] as const
const VACUUM = [
  ['indexScans', /index scans: (\d+)/],
  ['pagesRemoved', /pages: (\d+) removed/],
  ['pagesRemain', /pages: \d+ removed, (\d+) remain/],
  ['pagesScanned', /remain, (\d+) scanned/],
  ['pagesSkippedPins', /remain, (\d+) skipped due to pins/],
  ['pagesSkippedFrozen', /due to pins, (\d+) skipped frozen/],
  ['tuplesRemoved', /tuples: (\d+) removed/],
  ['tuplesRemain', /tuples: \d+ removed, (\d+) remain/],
  ['tuplesDeadKept', /remain, (\d+) are dead but not yet removable/],
  ['tuplesMissed', /tuples missed: (\d+) dead/],
  ['tuplesFrozen', /had (\d+) tuples frozen/],
  ['removableCutoffAge', /removable cutoff: \d+, which was (\d+) XIDs old/],
  ...SHARED,
] as const

export function vacuumFigures({ message }: LogEntry): LogFigures {
  return { ...tableOf(message), ...numbersIn(message, VACUUM) }
}

export function analyzeFigures({ message }: LogEntry): LogFigures {
  return { ...tableOf(message), ...numbersIn(message, SHARED) }
}

/** Which table: only the CONTEXT says it. */
export function canceledFigures({ context }: LogEntry): LogFigures {
  return context === null ? {} : tableOf(context)
}

function tableOf(text: string): LogFigures {
  const match = /(?:of|relation) (?:table )?"([^"]+)"/.exec(text)
  if (match === null) return {}
  const [database, schema, ...table] = match[1]!.split('.')
  if (schema === undefined) return { relation: database! }
  return table.length === 0
    ? { relation: `${database}.${schema}` }
    : { database: database!, relation: `${schema}.${table.join('.')}` }
}
