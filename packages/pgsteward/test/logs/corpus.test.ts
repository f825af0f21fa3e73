// Every line of the corpus is of the class that was expected of it before the rules were asked.

import { describe, expect, test } from 'vitest'
import { classify } from '../../src/logs/classify.ts'
import type { LogEntry } from '../../src/model/log-event.ts'
import { entryOf, realCorpus, writtenCorpus } from './read-corpus.ts'

const FILES = realCorpus()
/** SQLSTATEs that say nothing but "no error". */
const SILENT = new Set(['00000', '01000'])

describe.each(FILES.map((file) => [file.name, file] as const))('%s, from a real server', (_name, file) => {
  test('is read whole', () => {
    expect(file.unreadable).toBe(0)
    expect(file.entries.map((entry) => entry.line)).toEqual([...file.expected.keys()])
  })

  test('is classified as expected', () => {
    expect(differences(file.entries, file.expected, (entry) => entry)).toEqual([])
  })

  test('is classified the same without SQLSTATEs, as stderr logs have it', () => {
    expect(differences(file.entries, file.expected, (entry) => ({ ...entry, sqlState: null }))).toEqual([])
  })
})

test('errors in another language are known by SQLSTATE, in their area at least', () => {
  const areas = new Map<string, Set<string>>()
  for (const { entries, expected } of FILES) {
    for (const entry of entries) {
      if (entry.sqlState === null || SILENT.has(entry.sqlState)) continue
      const { class: found } = classify({ ...entry, message: 'Meldung, die niemand kennt', context: null })
      const wanted = expected.get(entry.line)!
      areas.set(wanted, (areas.get(wanted) ?? new Set()).add(found))
    }
  }
  expect([...areas].filter(([, found]) => found.has('unknown')).map(([wanted]) => wanted)).toEqual([])
})

test('the corpus is large enough to mean something', () => {
  const classes = new Set(FILES.flatMap((file) => [...file.expected.values()]))
  expect(new Set(FILES.map((file) => file.name.slice(0, 4))).size).toBe(5)
  expect(FILES.reduce((sum, file) => sum + file.entries.length, 0)).toBeGreaterThan(1000)
  expect(classes.size).toBeGreaterThan(120)
})

/** What each message of a class holds, on every version that logs it. */
const FIGURES: Readonly<Record<string, readonly string[]>> = {
  'autovacuum-completed': [
    'relation',
    'database',
    'indexScans',
    'pagesRemoved',
    'pagesRemain',
    'tuplesRemoved',
    'tuplesRemain',
    'tuplesDeadKept',
    'bufferHits',
    'bufferMisses',
    'bufferDirtied',
    'readBytesPerSecond',
    'walBytes',
    'elapsedMs',
  ],
  'autoanalyze-completed': ['relation', 'database', 'bufferHits', 'bufferMisses', 'elapsedMs'],
  'autovacuum-canceled': ['relation'],
  'checkpoint-starting': ['reason'],
  'checkpoint-complete': ['buffers', 'buffersRatio', 'writeMs', 'syncMs', 'totalMs', 'distanceBytes'],
  'restartpoint-complete': ['buffers', 'totalMs', 'distanceBytes'],
  'connection-received': ['host', 'port'],
  'connection-authenticated': ['identity', 'method'],
  disconnection: ['sessionMs', 'user', 'host'],
  'password-failed': ['role', 'reason', 'hbaLine'],
  'temporary-file': ['file', 'sizeBytes'],
  'lock-waiting': ['pid', 'lockMode', 'object', 'waitedMs', 'holderPid'],
  'lock-acquired': ['pid', 'lockMode', 'object', 'waitedMs'],
  'deadlock-found': ['pid', 'waitedMs'],
  deadlock: ['pid', 'otherPid', 'lockMode', 'object'],
  'unique-violation': ['constraint', 'columns'],
  'foreign-key-violation': ['relation', 'constraint', 'columns', 'otherRelation'],
  'not-null-violation': ['column'],
  'undefined-table': ['relation'],
  'recovery-conflict': ['conflict'],
  'server-process-killed': ['process', 'pid', 'signal'],
  'replication-slot-invalidated': ['slot'],
  'statement-duration': ['durationMs'],
  'auto-explain-plan': ['durationMs'],
  'page-checksum-failed': ['calculated', 'expected'],
}

test.each(FILES.map((file) => [file.name, file] as const))('%s: figures are there', (_name, file) => {
  const lacking = file.entries.flatMap((entry) => {
    const { class: found, figures } = classify(entry)
    const missing = (FIGURES[found] ?? []).filter((name) => figures[name] === undefined)
    const broken = Object.entries(figures).filter(([, value]) => value === '' || Number.isNaN(value))
    return missing.length + broken.length === 0
      ? []
      : [
          `${entry.line}: ${found} lacks ${missing.join(', ')} ${broken.join(', ')}: ${entry.message.slice(0, 300)}`,
        ]
  })
  expect(lacking).toEqual([])
  const classes = new Set(file.entries.map((entry) => classify(entry).class))
  expect(Object.keys(FIGURES).filter((id) => !classes.has(id))).toEqual([])
})

test.each(writtenCorpus('written').map((written) => [written.message.slice(0, 90), written] as const))(
  'knows %s',
  (_message, written) => {
    const found = classify(entryOf(written))
    expect(found.class).toBe(written.class)
    if (written.figures !== undefined) expect(found.figures).toMatchObject(written.figures)
    if (written.sqlState === undefined || written.why !== undefined) return
    // the text alone does it, as in stderr logs
    expect(classify({ ...entryOf(written), sqlState: null }).class).toBe(written.class)
  },
)

test.each(writtenCorpus('near-misses').map((written) => [written.message.slice(0, 90), written] as const))(
  'is not taken in by %s',
  (_message, written) => {
    expect(classify(entryOf(written)).class).toBe(written.class)
  },
)

function differences(
  entries: readonly LogEntry[],
  expected: ReadonlyMap<number, string>,
  over: (entry: LogEntry) => LogEntry,
): readonly string[] {
  return entries.flatMap((entry) => {
    const found = classify(over(entry)).class
    const wanted = expected.get(entry.line)
    return found === wanted
      ? []
      : [`${entry.line}: ${entry.message.slice(0, 100)} is ${found}, not ${wanted}`]
  })
}
