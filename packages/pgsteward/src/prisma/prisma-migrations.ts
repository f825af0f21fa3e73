// Migrations for wanted indexes, as files: one folder an index, in ascending order, behind those that are there.

import { readIndexStatement } from '../sql/index-definition.ts'
import type { Parser } from '../sql/parse/parse-statements.ts'
import { unlike } from '../sql/same-index.ts'
import { type DeclaredIndex, isSameTable } from './declared-index.ts'
import { createSql, migrationText, type ParsedIndex, type WantedIndex } from './index-migration.ts'
import type { PrismaModel } from './prisma-models.ts'
import { type SchemaLine, schemaLine } from './schema-line.ts'

export interface MigrationRequest {
  readonly wanted: readonly WantedIndex[]
  /** In front of the index's name in the folder's: `add_index`, the default. */
  readonly name?: string
  readonly now: Date
  /** Folders that are there. */
  readonly existing: readonly string[]
  /** What the project declares; empty where nothing is known. */
  readonly declared: readonly DeclaredIndex[]
  readonly models: readonly PrismaModel[]
  readonly parse: Parser
}

export interface MigrationFiles {
  readonly files: readonly {
    /** `20261122104500_add_index_x/migration.sql`. */
    readonly path: string
    readonly text: string
    readonly index: WantedIndex
    readonly line: SchemaLine
  }[]
  /** Wanted, but not written. */
  readonly refused: readonly { readonly name: string; readonly because: string }[]
}

export function prismaMigrations(request: MigrationRequest): MigrationFiles {
  const { wanted, existing, declared, models, parse } = request
  const files: MigrationFiles['files'][number][] = []
  const refused: MigrationFiles['refused'][number][] = []
  let at = firstMoment(request.now, existing)
  for (const index of wanted) {
    const parsed = index.kind === 'create' ? parsedIndex(index, parse) : null
    const because =
      index.kind === 'drop'
        ? reasonToKeep(index, declared)
        : parsed === null
          ? 'its definition does not parse'
          : reasonAgainst(parsed, declared)
    if (because !== null) {
      refused.push({ name: index.name, because })
      continue
    }
    const verb = request.name ?? (index.kind === 'create' ? 'add_index' : 'drop_index')
    const folder = `${stamp(at)}_${slug(`${verb}_${index.name}`)}`
    const line: SchemaLine = parsed === null ? { kind: 'no-model' } : schemaLine(parsed, models)
    const isQualified = needsSchema(index, models)
    const known = declared.find(({ name, ...each }) => name === index.name && isSameTable(each, index))
    files.push({
      path: `${folder}/migration.sql`,
      text: migrationText(index, { folder, isQualified, line, declaredIn: known?.declaredIn ?? [] }),
      index,
      line,
    })
    at = new Date(at.getTime() + 1000)
  }
  return { files, refused }
}

/** As the project does it: without @@schema the search path leads. A table of no model is named in full outside of public. */
function needsSchema({ schema, table }: WantedIndex, models: readonly PrismaModel[]): boolean {
  const model = models.find((each) => each.table === table && (each.schema ?? schema) === schema)
  return model === undefined ? schema !== 'public' : model.schema !== null
}

function parsedIndex(index: WantedIndex, parse: Parser): ParsedIndex | null {
  const parsed = parse(createSql(index, true))
  const node = 'problem' in parsed ? undefined : parsed.statements[0]
  return node !== undefined && 'IndexStmt' in node
    ? { ...readIndexStatement(node.IndexStmt), name: index.name }
    : null
}

function reasonAgainst(index: ParsedIndex, declared: readonly DeclaredIndex[]): string | null {
  const onTable = declared.filter((each) => isSameTable(each, index))
  const same = onTable.find((each) => unlike({ ...index, isUnique: each.isUnique }, each) === null)
  if (same !== undefined)
    return `the project declares an equal index already, ${same.name} (${same.declaredIn.join(', ')}): deploy that one`
  const taken = declared.find(
    ({ name, schema }) => name === index.name && (schema === null || schema === index.schema),
  )
  return taken === undefined
    ? null
    : `the project has another index of this name (${taken.declaredIn.join(', ')}), and IF NOT EXISTS would leave it at that`
}

function reasonToKeep(index: WantedIndex, declared: readonly DeclaredIndex[]): string | null {
  const known = declared.find(({ name, ...each }) => name === index.name && isSameTable(each, index))
  return known?.constraint === undefined || known.constraint === null
    ? null
    : `it is the index of a constraint (${known.declaredIn.join(', ')})`
}

/** Now, or a second behind the last migration: Prisma applies them by name. */
function firstMoment(now: Date, existing: readonly string[]): Date {
  const last = existing
    .filter((name) => /^\d{14}/.test(name))
    .map((name) => momentOf(name))
    .reduce((latest, each) => Math.max(latest, each), 0)
  return new Date(Math.max(Math.floor(now.getTime() / 1000) * 1000, last + 1000))
}

function momentOf(name: string): number {
  const [year, month, day, hour, minute, second] = [0, 4, 6, 8, 10, 12].map((from, place) =>
    Number(name.slice(from, place === 0 ? 4 : from + 2)),
  )
  return Date.UTC(year!, month! - 1, day!, hour!, minute!, second!) || 0
}

function stamp(at: Date): string {
  return at.toISOString().replace(/\D/g, '').slice(0, 14)
}

/** As Prisma makes a folder's name of what one types; its table holds 255 characters. */
function slug(text: string): string {
  return text
    .replace(/[^A-Za-z0-9_]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase()
    .slice(0, 200)
}
