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
