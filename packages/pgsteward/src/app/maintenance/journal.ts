// Where maintenance without a store keeps its word: a file of lines, each on the disk before what it tells of begins. By it a run that
// was killed in the middle is judged by the next.

import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { StewardError } from '../../model/error.ts'
import type { MaintenanceStep, RunMark, StepResult } from '../../model/maintenance.ts'
import { addressOf } from '../../postgres/connect-error.ts'

export type JournalLine =
  | {
      readonly is: 'decision'
      readonly at: string
      readonly actor: string
      readonly reason: string
      readonly because: string
      readonly sql: readonly string[]
    }
  | { readonly is: 'begun'; readonly at: string; readonly step: MaintenanceStep; readonly mark: RunMark }
  | { readonly is: 'ended'; readonly at: string; readonly sql: string; readonly result: StepResult }

export class Journal {
  readonly file: string

  /** One a database. Throws 'file-not-written', or 'target-url-invalid'. */
  constructor(dir: string, url: string) {
    const address = addressOf(url)
    try {
      mkdirSync(dir, { recursive: true, mode: 0o700 })
    } catch (error) {
      throw notWritten(dir, error)
    }
    this.file = join(dir, `${address.replaceAll(/[^\w.-]/g, '_')}.jsonl`)
  }

  /** The line's number: decisions are named by it. Throws 'file-not-written'. */
  add(line: JournalLine): string {
    try {
      const fd = openSync(this.file, 'a', 0o600)
      try {
        // what a killed process left of a line ends here
        writeSync(fd, `${this.#endsTorn() ? '\n' : ''}${JSON.stringify(line)}\n`)
        fsyncSync(fd)
      } finally {
        closeSync(fd)
      }
    } catch (error) {
      throw notWritten(this.file, error)
    }
    return String(this.lines().length)
  }

  lines(): readonly JournalLine[] {
    return this.#text()
      .split('\n')
      .flatMap((text) => {
        try {
          return text === '' ? [] : [JSON.parse(text) as JournalLine]
        } catch {
          return []
        }
      })
  }

  /** Begun, and no end of it is known. */
  unfinished(): Extract<JournalLine, { is: 'begun' }> | null {
    const last = this.lines().findLast(({ is }) => is !== 'decision')
    return last?.is === 'begun' ? last : null
  }

  /** What was there before the first attempt at this statement, of those after its last success: by it left-overs are known. */
  before(sql: string): RunMark['before'] | null {
    let before: RunMark['before'] | null = null
    for (const line of this.lines()) {
      if (line.is === 'begun' && line.step.sql === sql) before ??= line.mark.before
      if (line.is === 'ended' && line.sql === sql && line.result.outcome === 'done') before = null
    }
    return before
  }

  #text(): string {
    return existsSync(this.file) ? readFileSync(this.file, 'utf8') : ''
  }

  #endsTorn(): boolean {
    const text = this.#text()
    return text !== '' && !text.endsWith('\n')
  }
}

function notWritten(path: string, cause: unknown): StewardError {
  return new StewardError('file-not-written', `${path} cannot be written`, {
    detail: `${(cause as Error).message}. Nothing is changed before it is written down.`,
    hint: '--journal FOLDER names another place.',
  })
}
