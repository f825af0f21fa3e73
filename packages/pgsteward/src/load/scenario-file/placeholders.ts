// The placeholders in the texts of a scenario, and whether something will be in their place.

import { nearestName } from '../../model/nearest-name.ts'
import type { Scenario } from '../../model/scenario.ts'
import { meant } from './mistake.ts'

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g
const BUILT_IN = ['uuid', 'random 1 100', 'user', 'iteration', 'env.NAME'] as const

/** What is wrong with the placeholders of a text; empty: nothing. `variables`: extracted before. */
export function placeholderProblems(
  text: string,
  variables: ReadonlySet<string>,
  data: Scenario['data'],
): readonly string[] {
  const problems = [...text.matchAll(PLACEHOLDER)]
    .map(([, inside = '']) => problemOf(inside.trim(), variables, data))
    .filter((problem) => problem !== null)
  return /\{\{/.test(text.replace(PLACEHOLDER, ''))
    ? [...problems, 'a placeholder {{ is not closed by }}']
    : problems
}

function problemOf(inside: string, variables: ReadonlySet<string>, data: Scenario['data']): string | null {
  if (inside === 'uuid' || inside === 'user' || inside === 'iteration') return null
  if (/^env\.[A-Za-z_]\w*$/.test(inside)) return null
  if (/^random\b/.test(inside)) return randomProblem(inside)
  if (variables.has(inside)) return null
  const [table = '', ...rest] = inside.split('.')
  const column = rest.join('.')
  if (Object.hasOwn(data, table) && rest.length > 0) return columnProblem(table, column, data[table]!)
  if (rest.length > 0 && table !== 'env') {
    const tables = Object.keys(data)
    return `{{${inside}}}: there is no data table "${table}"${meant(nearestName(table, tables))}${listed('tables', tables)}`
  }
  const known = [...variables, ...columnsOf(data)]
  return `{{${inside}}}: nothing before it extracts "${inside}"${meant(nearestName(inside, known))}${listed('known here', [...known, ...BUILT_IN])}`
}

function randomProblem(inside: string): string | null {
  const ends = /^random\s+(-?\d+)\s+(-?\d+)$/.exec(inside)
  if (ends === null) return `{{${inside}}}: random takes two whole numbers, {{random 1 100}}`
  return Number(ends[1]) <= Number(ends[2]) ? null : `{{${inside}}}: the smaller number comes first`
}

function columnProblem(table: string, column: string, rows: Scenario['data'][string]): string | null {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  if (!columns.includes(column))
    return `{{${table}.${column}}}: the table "${table}" has no column "${column}"${meant(nearestName(column, columns))}${listed('columns', columns)}`
  const without = rows.findIndex((row) => !Object.hasOwn(row, column))
  return without === -1
    ? null
    : `{{${table}.${column}}}: row ${without} of the table "${table}" has no "${column}"`
}

function columnsOf(data: Scenario['data']): readonly string[] {
  return Object.entries(data).flatMap(([table, rows]) =>
    [...new Set(rows.flatMap((row) => Object.keys(row)))].map((column) => `${table}.${column}`),
  )
}

function listed(what: string, names: readonly string[]): string {
  return names.length === 0 ? '' : ` (${what}: ${names.join(', ')})`
}
