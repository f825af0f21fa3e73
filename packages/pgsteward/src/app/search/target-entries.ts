// What of a target the search finds in its latest reading and its findings: statements, tables, indexes, findings, checks.

import { CRITICAL_CHECKS } from '../../checks/critical-checks.ts'
import type { IndexRow } from '../../facts/indexes.ts'
import type { StatementRow } from '../../facts/statements.ts'
import type { TableRow } from '../../facts/tables.ts'
import type { AnyCheck } from '../../model/check.ts'
import { type Severity, subjectLabel } from '../../model/finding.ts'
import type { OpenFinding } from '../../model/open-finding.ts'
import { formatBytes } from '../../report/format.ts'
import { commentTags, summaryOf } from '../../sql/fingerprint.ts'
import type { NamedSender, NamedStatement } from '../../store/search-store.ts'
import { type SearchEntry, searchEntry } from './search-entry.ts'

/** One statement may be sent from very many places. */
const MOST_SENDERS = 20
/** A smaller share tells nothing. */
const LEAST_SHARE = 0.01

/** `known`: entries of before, since a query id keeps its text. `moved`: what ran between the last two readings. */
export function statementEntries(
  statements: readonly NamedStatement[],
  senders: readonly NamedSender[],
  moved: readonly StatementRow[],
  known: ReadonlyMap<string, SummedUp>,
): { readonly entries: readonly SearchEntry[]; readonly summaries: ReadonlyMap<string, SummedUp> } {
  const execMs = Map.groupBy(moved, ({ queryId }) => queryId)
  const totalMs = moved.reduce((sum, row) => sum + row.totalExecMs, 0)
  const sendersOf = Map.groupBy(senders, ({ fingerprint }) => fingerprint)
  const summaries = new Map<string, SummedUp>()
  const entries = statements.map(({ queryId, text, fingerprint }) => {
    const summedUp = known.get(queryId) ?? sumUp(text)
    summaries.set(queryId, summedUp)
    const ranMs = (execMs.get(queryId) ?? []).reduce((sum, row) => sum + row.totalExecMs, 0)
    const places = (fingerprint === null ? [] : (sendersOf.get(fingerprint) ?? [])).slice(0, MOST_SENDERS)
    const share = totalMs > 0 ? ranMs / totalMs : 0
    return searchEntry({
      kind: 'query',
      id: queryId,
      title: summedUp.title,
      detail: share >= LEAST_SHARE ? `${Math.round(share * 100)} % of the time` : '',
      names: [...summedUp.tags, ...places.flatMap(namesOf)],
      line: summedUp.line,
      weight: share,
    })
  })
  return { entries, summaries }
}

export interface SummedUp {
  readonly title: string
  /** The text without line breaks. */
  readonly line: string
  /** Who sent it, by its comment. */
  readonly tags: readonly string[]
}

function sumUp(text: string): SummedUp {
  const { summary } = summaryOf(text)
  const { route, controller, action } = text.includes('/*') ? commentTags(text) : {}
  const called = [controller, action].filter((part) => part !== undefined).join('.')
  return {
    title: summary === '' ? 'Statement' : summary,
    line: text.replace(/\s+/g, ' ').trim(),
    tags: [route, called].filter((tag): tag is string => tag !== undefined && tag !== ''),
  }
}

function namesOf({ model, action, route, caller }: NamedSender): readonly (string | null)[] {
  const called = [model, action].filter((part) => part !== null).join('.')
  return [called, route, caller]
}

export function tableEntries(rows: readonly TableRow[]): readonly SearchEntry[] {
  const largest = rows.reduce((most, { totalBytes }) => Math.max(most, totalBytes), 1)
  return rows.map(({ schema, name, kind, isPartition, totalBytes }) =>
    searchEntry({
      kind: 'table',
      id: `${schema}.${name}`,
      title: schema === 'public' ? name : `${schema}.${name}`,
      names: [name],
      detail: [...kindWords(kind, isPartition), formatBytes(totalBytes)].join(' · '),
      weight: totalBytes / largest,
    }),
  )
}

/** What is a table like any other has no other word. */
function kindWords(kind: TableRow['kind'], isPartition: boolean): readonly string[] {
  if (isPartition) return ['partition']
  return kind === 'table' ? [] : [kind]
}

export function indexEntries(rows: readonly IndexRow[]): readonly SearchEntry[] {
  const largest = rows.reduce((most, { sizeBytes }) => Math.max(most, sizeBytes), 1)
  return rows.map(({ schema, table, name, keyColumns, sizeBytes }) =>
    searchEntry({
      kind: 'index',
      id: `${schema}.${name}`,
      title: schema === 'public' ? name : `${schema}.${name}`,
      names: [name],
      detail: formatBytes(sizeBytes),
      line: `on ${table} (${keyColumns.join(', ')})`,
      weight: sizeBytes / largest,
    }),
  )
}

export const SEVERITY_WEIGHT: Readonly<Record<Severity, number>> = { critical: 1, warning: 0.6, info: 0.3 }
/** What is over costs nothing any more, and is still looked for. */
const OVER = 0.1

export function findingEntries(findings: readonly OpenFinding[]): readonly SearchEntry[] {
  return findings.map(({ key, summary, checkId, subject, state, severity }) => {
    const isOver = state === 'resolved'
    const label = subjectLabel(subject)
    return searchEntry({
      kind: 'finding',
      id: key,
      title: summary,
      about: [label, checkId],
      detail: [state, checkId, ...(summary.includes(label) ? [] : [label])].join(' · '),
      severity: isOver ? null : severity,
      weight: SEVERITY_WEIGHT[severity] * (isOver ? OVER : 1),
    })
  })
}

export function checkEntries(checks: readonly AnyCheck[]): readonly SearchEntry[] {
  return checks.map(({ id, title, area }) =>
    searchEntry({
      kind: 'check',
      id,
      title,
      detail: [id, area, ...(CRITICAL_CHECKS.includes(id) ? ['has a runbook'] : [])].join(' · '),
    }),
  )
}
