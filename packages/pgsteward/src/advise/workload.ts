// The workload: statements with how often they are called, from a JSON or SQL file or from pg_stat_statements.

import { z } from 'zod'
import type { Milliseconds } from '../model/units.ts'
import { splitScript } from '../sql/parse/split-script.ts'

export interface WorkloadStatement {
  readonly id: string
  /** With $n where the application has parameters. */
  readonly sql: string
  readonly callsPerMinute: number
  /** SQL literals for $1, $2 ...: one list a sample; empty: none are known. */
  readonly variants: readonly (readonly string[])[]
  /** Rows that one call inserts, where it is known. */
  readonly rowsPerCall: number | null
  /** Measured time of a call. Absent: not known. */
  readonly meanMs?: Milliseconds
}

export interface LeftOut {
  readonly id: string
  readonly because: string
}

export interface Workload {
  readonly statements: readonly WorkloadStatement[]
  readonly leftOut: readonly LeftOut[]
}

const value = z.union([z.string(), z.number(), z.boolean(), z.null()])
const calls = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\s*[+-]?[\d.]+(e[+-]?\d+)?\s*$/i, { error: 'not a number' })
      .transform(Number),
  ])
  .pipe(z.number().nonnegative())
  .nullable()
  .optional()
const entry = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  sql: z.string().optional(),
  template: z.string().optional(),
  callsPerMinute: calls,
  calls_per_minute: calls,
  variants: z.array(z.union([z.array(value), z.record(z.string(), value)])).optional(),
  rowsPerCall: z.number().positive().optional(),
  rows_per_call: z.number().positive().optional(),
  meanMs: z.number().nonnegative().optional(),
})

/** The list itself, or the one under "queries" or "statements". Null: there is none. */
export function workloadList(parsed: unknown): readonly unknown[] | null {
  const { queries, statements } = (parsed ?? {}) as { queries?: unknown; statements?: unknown }
  return [parsed, queries, statements].find((each): each is unknown[] => Array.isArray(each)) ?? null
}

/** `[{ id, sql | template, callsPerMinute, variants? }]`. */
export function readJsonWorkload(list: readonly unknown[]): Workload {
  const statements: WorkloadStatement[] = []
  const leftOut: LeftOut[] = []
  const known = new Map<string, number>()
  for (const [index, each] of list.entries()) {
    const read = entry.safeParse(each)
    const id = uniqueId(idOf(each, index), known)
    if (!read.success) {
      leftOut.push({ id, because: problemOf(each, read.error) })
      continue
    }
    const { sql, template, callsPerMinute, calls_per_minute, variants, rowsPerCall, rows_per_call, meanMs } =
      read.data
    const text = (template ?? sql ?? '').trim().replace(/;\s*$/, '')
    if (text === '') {
      leftOut.push({ id, because: 'it has neither sql nor template' })
      continue
    }
    const damage = damageOf(text)
    if (damage !== null) {
      leftOut.push({ id, because: damage })
      continue
    }
    statements.push({
      id,
      sql: text,
      callsPerMinute: callsPerMinute ?? calls_per_minute ?? 1,
      variants: template === undefined && sql !== undefined && !/\$\d/.test(sql) ? [] : variantsOf(variants),
      rowsPerCall: rowsPerCall ?? rows_per_call ?? null,
      ...(meanMs === undefined ? {} : { meanMs }),
    })
  }
  return { statements, leftOut }
}

function problemOf(each: unknown, error: z.ZodError): string {
  if (typeof each !== 'object' || each === null || Array.isArray(each))
    return `it is ${each === null ? 'null' : Array.isArray(each) ? 'a list' : `a ${typeof each}`}, not { "id", "sql" or "template", "callsPerMinute" }`
  const [first] = error.issues
  return `${first?.path.join('.') ?? ''}: ${first?.message ?? 'it is not understood'}`
}

/** What a text can't be sent with; null: nothing. Where a file's bytes were no UTF-8, U+FFFD stands. */
export function damageOf(text: string): string | null {
  if (text.includes('\0')) return 'it holds a NUL, which no text of PostgreSQL does'
  return text.includes('\uFFFD') || !text.isWellFormed() ? 'it holds bytes that are not UTF-8' : null
}

/** Reports speak of statements by id, so a second one of the same name gets a number. */
function uniqueId(id: string, known: Map<string, number>): string {
  const count = (known.get(id) ?? 0) + 1
  known.set(id, count)
  return count === 1 ? id : uniqueId(`${id} (${count})`, known)
}

function variantsOf(variants: z.output<typeof entry>['variants']): readonly (readonly string[])[] {
  return (variants ?? [])
    .map((variant) => (Array.isArray(variant) ? variant : Object.values(variant)).map(literalText))
    .filter((variant) => variant.length > 0)
}

/** A value as SQL: what already reads as a literal stays as it is. */
function literalText(each: string | number | boolean | null): string {
  if (each === null) return 'null'
  if (typeof each !== 'string') return String(each)
  if (/^(-?\d+(\.\d+)?|null|true|false)$/i.test(each)) return each
  if (/^([a-z ]+)?(E|B|X)?'(?:[^']|'')*'(::[\w ."[\]()]+)?$/i.test(each)) return each
  if (/^(array\s*\[|\(select\b)/i.test(each)) return each
  return `'${each.replaceAll("'", "''")}'`
}

export function idOf(each: unknown, index: number): string {
  const id = typeof each === 'object' && each !== null ? (each as { id?: unknown }).id : undefined
  return typeof id === 'string' || typeof id === 'number' ? String(id) : `statement ${index + 1}`
}

/** Statements of a plain SQL file, each called once a minute. Quotes, comments and dollar quotes are respected. */
export function readSqlWorkload(text: string): Workload {
  const statements: WorkloadStatement[] = []
  const leftOut: LeftOut[] = []
  for (const [index, { sql }] of splitScript(text).entries()) {
    const id = `statement ${index + 1}`
    const damage = damageOf(sql)
    if (damage === null) statements.push({ id, sql, callsPerMinute: 1, variants: [], rowsPerCall: null })
    else leftOut.push({ id, because: damage })
  }
  return { statements, leftOut }
}
