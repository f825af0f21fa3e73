// What to run for advised indexes, as one file for psql: each statement by itself, with what it is for and how to take it back.

import type { AdvisedIndex } from '../../model/advice.ts'
import type { AdviceRun } from '../../model/advice-run.ts'

export function adviceSqlScript(
  run: AdviceRun,
  indexes: readonly AdvisedIndex[],
): { readonly path: string; readonly text: string } {
  const day = (run.finishedAt ?? run.startedAt).toISOString().slice(0, 10)
  const head = [
    `-- Indexes advised by pgsteward on ${day}. Run the statements one by one, outside of a transaction.`,
    '-- An index that could not be finished stays behind as invalid: drop it and try again.',
  ]
  const parts = indexes.map((index) => {
    const { statements, sql, undo } = index
    const served = statements.slice(0, 3).map((each) => {
      const text = each.sql.replace(/\s+/g, ' ')
      return `--   ${cost(each.costBefore)} -> ${cost(each.costAfter)}, ${rate(each.callsPerMinute)} a minute: ${text}`
    })
    const more = statements.length > 3 ? [`--   and ${statements.length - 3} more statements`] : []
    return [
      '',
      `-- ${index.table} ${index.definition.replace(/\s+/g, ' ')}: planner's cost per call before and after`,
      ...served,
      ...more,
      `${ifNotExists(sql)};`,
      `-- undo: ${undo};`,
    ].join('\n')
  })
  return { path: 'advised-indexes.sql', text: `${[...head, ...parts].join('\n')}\n` }
}

function ifNotExists(sql: string): string {
  return sql.replace(/^create index concurrently (?!if )/, 'create index concurrently if not exists ')
}

function cost(units: number): string {
  return Math.round(units).toLocaleString('en-US')
}

function rate(callsPerMinute: number): string {
  return callsPerMinute >= 10 ? Math.round(callsPerMinute).toLocaleString('en-US') : callsPerMinute.toFixed(1)
}
