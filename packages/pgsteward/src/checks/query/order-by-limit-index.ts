// ORDER BY ... LIMIT that walks along an index with the order but without the condition, and throws nearly all of it away.

import { z } from 'zod'
import { advice } from '../../facts/advice.ts'
import { type IndexRow, indexes } from '../../facts/indexes.ts'
import { statementPlans } from '../../facts/statement-plans.ts'
import { statementTexts } from '../../facts/statement-texts.ts'
import { statements } from '../../facts/statements.ts'
import { type TableRow, tables } from '../../facts/tables.ts'
import { defineCheck } from '../../model/check.ts'
import type { Remedy } from '../../model/finding.ts'
import { clausesOf, shownCondition } from '../../plans/insights/conditions.ts'
import { type OrderedWalk, orderedWalks } from '../../plans/insights/order-by-limit.ts'
import { ident, qualified } from '../../sql/quote.ts'
import { newIndexName } from '../index/new-index-name.ts'
import {
  busyEvidence,
  planEvidence,
  plannedStatements,
  planOptions,
  severityByBusy,
  skipWithoutPlans,
  tableNamed,
} from './planned-statements.ts'
import { adviceEvidence, advisedFor } from './served-by-advice.ts'
import { loadEvidence, querySubject } from './statement-load.ts'

/** Pages visited may be those that it skips: offset-paging and deep-offset tell of them. */
const OFFSET = /\boffset\b/i

export const orderByLimitIndex = defineCheck({
  id: 'order-by-limit-index',
  area: 'query',
  title: 'ORDER BY ... LIMIT served by the wrong index',
  needs: { statements, statementTexts, statementPlans, tables, indexes, advice },
  options: z.object(planOptions),
  run({ statements, statementTexts, statementPlans, tables, indexes, advice }, options, { server }) {
    const skip = skipWithoutPlans(statementPlans)
    if (skip !== null) return skip
    return plannedStatements(
      server.database,
      statements,
      statementTexts,
      statementPlans,
      tables,
      options,
    ).flatMap((planned) => {
      const { load, steps, context } = planned
      const isPaged = OFFSET.test(`${load.text} ${planned.plan.text}`)
      const walk = orderedWalks(steps, context)
        .filter(({ evidence }) => evidence !== 'pages' || !isPaged)
        .toSorted((a, b) => b.limit.share - a.limit.share)[0]
      const busy = load.busySessions * (walk?.limit.share ?? 0)
      if (walk === undefined || busy < options.minBusy) return []
      const { node } = walk.scan
      const table = tableNamed(tables, node.Schema ?? null, node['Relation Name'] ?? '')
      const advised = table === undefined ? null : advisedFor(advice, load.queryId, table.name)
      // one proposal for one statement: what was weighed against all others stands in missing-index
      const remedy = table === undefined || advised !== null ? null : indexFor(walk, table, indexes)
      return [
        {
          subject: querySubject(load),
          severity: severityByBusy(busy, options),
          summary: `A LIMIT walks along ${walk.index}, which has its order but not its condition`,
          evidence: [
            { label: readLabel(walk), value: Math.round(walk.readRows), unit: 'count' as const },
            { label: 'rows returned', value: walk.returnedRows, unit: 'count' as const },
            {
              label: 'thrown away by',
              value: walk.condition === null ? 'a join' : shownCondition(walk.condition),
              unit: 'text' as const,
            },
            ...(table === undefined ? [] : adviceEvidence(advice, load.queryId, table.name)),
            ...busyEvidence(busy, options),
            ...planEvidence(planned),
            ...loadEvidence(load),
          ],
          ...(remedy === null ? {} : { remedy }),
        },
      ]
    })
  },
})

function readLabel({ evidence }: OrderedWalk): string {
  if (evidence === 'pages') return 'pages of 8 kB visited a call, a row or more on each'
  return evidence === 'measured' ? 'rows read in one execution' : 'rows that the planner expects to read'
}

/** Columns of the condition first, then the order: what the walk would have wanted. Null: the condition is of another kind. */
function indexFor(walk: OrderedWalk, table: TableRow, indexes: readonly IndexRow[]): Remedy | null {
  const walked = indexes.find((row) => row.schema === table.schema && row.name === walk.index)
  if (walked === undefined || walk.condition === null || table.isPartition) return null
  // a mixed order is one index only, and which end comes first is not told by its columns
  if (walked.predicate !== null || walked.keySignatures.some((key) => !key.endsWith(' 0'))) return null
  const clauses = clausesOf(walk.condition)
  const keys = clauses.flatMap(({ column, kind, text }) =>
    column !== null && kind === 'equality' && / = (?!ANY)/.test(text) ? [column.column] : [],
  )
  if (keys.length === 0) return null
  const order = walked.keyColumns.filter((key) => !keys.includes(key.replaceAll('"', '')))
  const nulls = clauses.flatMap(({ column, text }) => {
    const word = /IS (?:NOT )?NULL$/i.exec(text)?.[0].toLowerCase()
    return column === null || word === undefined ? [] : [`${ident(column.column)} ${word}`]
  })
  const columns = [...keys.map(ident), ...order]
  const isThere = indexes.some(
    (row) =>
      row.schema === table.schema &&
      row.table === table.name &&
      row.isValid &&
      columns.every((column, place) => row.keyColumns[place] === column),
  )
  if (isThere) return null
  const taken = new Set(indexes.filter((row) => row.schema === table.schema).map((row) => row.name))
  const name = newIndexName(table.name, columns, taken)
  const where = nulls.length === 0 ? '' : ` where ${nulls.join(' and ')}`
  return {
    sql: [
      `create index concurrently if not exists ${ident(name)} on ${qualified(table.schema, table.name)} (${columns.join(', ')})${where}`,
    ],
    undo: [`drop index concurrently if exists ${qualified(table.schema, name)}`],
    lock: 'share update exclusive',
    caution:
      'Reads the table twice and waits for running transactions; if it fails, drop the invalid index that it leaves. Made for this statement alone: the advice on indexes weighs it against all others and against writes.',
  }
}
