// Rebuilds a target's schema on a host. What fails because something it needs comes later is tried again until nothing more works;
// what is left then is left out, by name and with PostgreSQL's reason.

import { ident, qualified } from '../../sql/quote.ts'
import { WITHOUT_TOAST } from '../hosts/cluster.ts'
import type { TwinHost } from '../hosts/host.ts'
import type { LeftOut, StatisticsFile } from '../statistics/statistics-file.ts'
import { insertPlainTables, NOTHING_INSERTED } from './insert-plain.ts'
import { insertSequences } from './insert-sequences.ts'
import { foreignKeyName, type PlainRows } from './plain-rows.ts'

interface Step {
  readonly kind: string
  readonly name: string
  readonly sql: string
  /** Instead, where the first can't be had at all. */
  readonly otherwise?: string
}

/** Existing by then: EMPTY_FILE. */
export interface SchemaOptions {
  /** Only DDL, so that more DDL may follow: it finds the dependencies and names that plans do without. */
  readonly isForChange: boolean
}

/** Statements that are sent together: they stand or fall as one, and when they fall each is tried alone. */
const BATCH = 40

export async function buildSchema(
  host: TwinHost,
  file: StatisticsFile,
  { isForChange }: SchemaOptions,
): Promise<LeftOut[]> {
  await host.ask(
    `set search_path = ''; set check_function_bodies = off; set client_min_messages = error; set statement_timeout = '60s';
     set maintenance_work_mem = '16MB'; set max_parallel_maintenance_workers = 0; create schema if not exists public`,
  )
  const leftOut: LeftOut[] = []
  const first = await runAll(host, schemaSteps(file))
  const sequences = isForChange ? new Set<string>() : await insertSequences(host, file)
  const second = await runAll(host, earlySteps(file, sequences))
  const made = isForChange ? NOTHING_INSERTED : await insertPlainTables(host, file)
  let waiting: readonly Step[] = [...[...first, ...second].map(({ step }) => step), ...stepsOf(file, made)]
  for (;;) {
    const failed = await runAll(host, waiting)
    if (failed.length === 0) return leftOut
    if (failed.length === waiting.length) {
      const again = failed.filter(({ step }) => step.otherwise !== undefined)
      if (again.length === 0) {
        leftOut.push(...failed.map(({ step, because }) => ({ kind: step.kind, name: step.name, because })))
        return leftOut
      }
      for (const { step, because } of again)
        leftOut.push({ kind: `defaults and checks of ${step.kind}`, name: step.name, because })
      waiting = failed.map(({ step: { otherwise, ...step } }) =>
        otherwise === undefined ? step : { ...step, sql: otherwise },
      )
    } else waiting = failed.map(({ step }) => step)
  }
}

async function runAll(host: TwinHost, steps: readonly Step[]) {
  const failed: { readonly step: Step; readonly because: string }[] = []
  for (let at = 0; at < steps.length; at += BATCH) {
    const batch = steps.slice(at, at + BATCH)
    const together = await host.ask(batch.map((step) => step.sql).join(';\n'))
    if (together.error === null) continue
    for (const step of batch) {
      const { error } = await host.ask(step.sql)
      if (error !== null) failed.push({ step, because: error.message })
    }
  }
  return failed
}

const object = ({ kind, schema, name, sql }: StatisticsFile['objects'][number]) =>
  step(kind, qualified(schema, name), sql)

function schemaSteps(file: StatisticsFile): Step[] {
  const schemas = file.schemas.map((name) => step('schema', name, `create schema ${ident(name)}`))
  const extensions = file.extensions.map(({ name, schema }) =>
    step('extension', name, `create extension if not exists ${ident(name)} schema ${ident(schema)} cascade`),
  )
  return [...schemas, ...extensions]
}

/** What tables may be made of. */
function earlySteps(file: StatisticsFile, sequences: ReadonlySet<string>): Step[] {
  const early = file.objects.filter(
    ({ kind, schema, name }) =>
      kind !== 'view' && kind !== 'rule' && !(kind === 'sequence' && sequences.has(qualified(schema, name))),
  )
  return [...early.map(object), step('storage', 'of new columns', WITHOUT_TOAST)]
}

function stepsOf(file: StatisticsFile, made: PlainRows['made']): Step[] {
  const late = file.objects.filter(({ kind }) => kind === 'view' || kind === 'rule')
  const tables = file.tables.filter((table) => table.kind !== 'materialized-view')
  const views = file.tables.filter((table) => table.kind === 'materialized-view')
  const create = (table: StatisticsFile['tables'][number]): Step => ({
    ...step('table', qualified(table.schema, table.name), table.sql),
    ...(table.plainSql === table.sql ? {} : { otherwise: table.plainSql }),
  })
  const indexes = (list: typeof tables) =>
    list.flatMap((table) =>
      // keys first: a constraint's index must not find its name taken
      table.indexes
        .filter((index) => !made.indexes.has(qualified(index.schema, index.name)))
        .toSorted((one, other) => Number(other.isConstraint) - Number(one.isConstraint))
        .map((index) => step('index', qualified(index.schema, index.name), index.sql)),
    )
  const attached = tables.flatMap((table) =>
    table.indexes
      .filter((index) => index.parent !== null)
      .map((index) => {
        const parent = qualified(index.parent!.schema, index.parent!.name)
        const name = qualified(index.schema, index.name)
        return step('index', name, `alter index ${parent} attach partition ${name}`)
      }),
  )
  return [
    ...tables.filter((table) => !made.tables.has(qualified(table.schema, table.name))).map(create),
    ...tables.flatMap((table) =>
      table.attachSql.map((sql) => step('partition or child', qualified(table.schema, table.name), sql)),
    ),
    ...indexes(tables),
    ...attached,
    ...tables.flatMap((table) =>
      table.foreignKeys
        .filter((key) => !made.foreignKeys.has(foreignKeyName(table, key)))
        .map((key) =>
          step(
            'foreign key',
            foreignKeyName(table, key),
            // nothing to validate; partitioned tables know no such thing before 18
            table.kind === 'partitioned' || / NOT VALID$/.test(key.sql) ? key.sql : `${key.sql} not valid`,
          ),
        ),
    ),
    ...late.filter(({ kind }) => kind === 'view').map(object),
    ...views.map(create),
    ...indexes(views),
    ...late.filter(({ kind }) => kind === 'rule').map(object),
    ...file.extendedStatistics.map((object) =>
      step('statistics object', qualified(object.schema, object.name), object.sql),
    ),
  ]
}

function step(kind: string, name: string, sql: string): Step {
  return { kind, name, sql }
}
