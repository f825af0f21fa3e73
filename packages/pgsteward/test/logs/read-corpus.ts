// The corpus: lines of real servers with the class expected of each, through the reader that everything else uses.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { logReader } from '../../src/logs/log-reader.ts'
import type { LogEntry, LogFigures } from '../../src/model/log-event.ts'

const folder = join(import.meta.dirname, 'corpus')

export interface CorpusFile {
  readonly name: string
  readonly entries: readonly LogEntry[]
  /** By the number of a message's first line. */
  readonly expected: ReadonlyMap<number, string>
  readonly unreadable: number
}

export function realCorpus(): readonly CorpusFile[] {
  return readdirSync(folder)
    .filter((name) => /^pg\d+\.(csv|stderr|jsonl)$/.test(name))
    .sort()
    .map((name) => {
      const entries: LogEntry[] = []
      const reader = logReader({ onEntry: (entry) => entries.push(entry) })
      reader.write(readFileSync(join(folder, name)))
      reader.end()
      const expected = JSON.parse(readFileSync(join(folder, `${name}.expected.json`), 'utf8')) as [
        number,
        string,
      ][]
      return { name, entries, expected: new Map(expected), unreadable: reader.counts().unreadable }
    })
}

/** A message written after the wording in PostgreSQL's source (or an extension's), since nothing provokes it here. */
export interface WrittenMessage {
  readonly class: string
  readonly message: string
  readonly severity?: LogEntry['severity']
  readonly sqlState?: string
  readonly detail?: string
  readonly context?: string
  readonly statement?: string
  readonly figures?: LogFigures
  readonly why?: string
}

export function writtenCorpus(name: 'written' | 'near-misses'): readonly WrittenMessage[] {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as WrittenMessage[]
}

export function entryOf(written: WrittenMessage): LogEntry {
  return {
    line: 1,
    at: null,
    severity: written.severity ?? 'LOG',
    sqlState: written.sqlState ?? null,
    pid: 42,
    user: null,
    database: null,
    application: null,
    client: null,
    queryId: null,
    message: written.message,
    detail: written.detail ?? null,
    hint: null,
    context: written.context ?? null,
    statement: written.statement ?? null,
  }
}
