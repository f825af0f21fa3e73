// A run that somebody sent, before it is kept: no user or password in its target, no literals in its statements.

import type { LoadRun } from '../../model/load-run.ts'
import { redactSql } from '../../sql/fingerprint.ts'

const MOST_TEXT = 10_000

export function safeRun(run: LoadRun): LoadRun {
  const { database } = run
  return {
    ...run,
    target: run.target === null ? null : withoutUser(run.target),
    database:
      database === null
        ? null
        : {
            ...database,
            statements: database.statements.map((each) => ({
              ...each,
              text: redactSql(each.text, MOST_TEXT),
            })),
          },
  }
}

export function withoutUser(url: string): string {
  if (!URL.canParse(url)) return url
  const parsed = new URL(url)
  if (parsed.username === '' && parsed.password === '') return url
  parsed.username = ''
  parsed.password = ''
  return parsed.href.replace(/\/$/, '')
}
