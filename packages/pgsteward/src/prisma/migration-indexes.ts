// The indexes that are left after the last migration: each statement that makes, renames or drops one is followed through.

import type { AlterTableStmt, ColumnDef, Constraint, Node, RangeVar } from 'libpg-query'
import { withColumnRenamed } from '../sql/canonical-expression.ts'
import {
  columnKey,
  elementsOf,
  type IndexDefinition,
  keyOf,
  predicateOf,
  readIndexStatement,
} from '../sql/index-definition.ts'
import { objectName } from '../sql/object-name.ts'
import { stringsOf } from '../sql/parse/expression-sql.ts'
import type { ScriptReader } from '../sql/parse/read-script.ts'
import { ident } from '../sql/quote.ts'
import { type Declared, type DeclaredIndex, isSameTable, type Problem } from './declared-index.ts'
import type { MigrationText } from './read-migration-files.ts'

/** One statement that can't be read is a problem of its own; SQL within DO blocks and functions is not seen, and said so. */
export function migrationIndexes(
  migrations: readonly Pick<MigrationText, 'path' | 'text'>[],
  readScript: ScriptReader,
): Declared {
  const state = new IndexState()
  for (const { path, text } of migrations)
    for (const { node, problem, line } of readScript(text)) {
      state.where = `${path}:${line}`
      if (node === null)
        state.problems.push({ where: state.where, because: `it can't be read: ${problem ?? 'no SQL'}` })
      else state.apply(node)
    }
  return { indexes: state.indexes, problems: state.problems }
}

type Table = Pick<DeclaredIndex, 'schema' | 'table'>

/** What the statements so far have made. */
class IndexState {
  indexes: DeclaredIndex[] = []
  readonly problems: Problem[] = []
  /** File and line of the statement at hand. */
  where = ''

  apply(node: Node): void {
    if ('IndexStmt' in node) {
      const definition = readIndexStatement(node.IndexStmt)
      this.#add(definition, definition.name, null, node.IndexStmt.if_not_exists === true)
    } else if ('CreateStmt' in node) {
      const table = tableOf(node.CreateStmt.relation)
      if (node.CreateStmt.if_not_exists === true && this.indexes.some((each) => isSameTable(each, table)))
        return
      for (const element of node.CreateStmt.tableElts ?? []) {
        if ('Constraint' in element) this.#addConstraint(table, element.Constraint)
        if ('ColumnDef' in element) this.#addColumn(table, element.ColumnDef)
        if ('TableLikeClause' in element)
          this.problems.push({ where: this.where, because: 'indexes that LIKE may copy are not followed' })
      }
    } else if ('AlterTableStmt' in node) this.#alter(node.AlterTableStmt)
    else if ('DropStmt' in node) this.#drop(node.DropStmt)
    else if ('RenameStmt' in node) this.#rename(node.RenameStmt)
    else if ('AlterObjectSchemaStmt' in node) {
      const { relation, newschema, objectType } = node.AlterObjectSchemaStmt
      if (objectType === 'OBJECT_TABLE' && newschema !== undefined)
        this.#change(onTable(tableOf(relation)), (index) => ({ ...index, schema: newschema }))
    } else if ('DoStmt' in node)
      this.problems.push({ where: this.where, because: 'what its DO block does to indexes is not seen' })
  }

  #add(
    definition: IndexDefinition,
    name: string | null,
    constraint: DeclaredIndex['constraint'],
    isOptional = false,
  ): void {
    const label =
      constraint === 'primary'
        ? 'pkey'
        : constraint === 'unique'
          ? 'key'
          : constraint === 'exclusion'
            ? 'excl'
            : 'idx'
    const parts =
      constraint === 'primary'
        ? []
        : [
            ...definition.keys.map(({ column, sql }) => column ?? /^(\w+)\(/.exec(sql)?.[1] ?? 'expr'),
            ...(constraint === null ? definition.include : []),
          ]
    const index: DeclaredIndex = {
      ...definition,
      name: name ?? this.#free(objectName(definition.table, parts, label)),
      isNamed: name !== null,
      constraint,
      declaredIn: [this.where],
    }
    const taken = this.indexes.find(
      (each) => each.name === index.name && sameSchema(each.schema, index.schema),
    )
    if (taken !== undefined && isOptional) {
      if (!isSameTable(taken, index) || JSON.stringify(shapeOf(taken)) !== JSON.stringify(shapeOf(index)))
        this.problems.push({
          where: this.where,
          because: `${ident(index.name)} is there already from ${taken.declaredIn[0]}, with another definition: IF NOT EXISTS leaves that one`,
        })
      return
    }
    this.indexes = [...this.indexes.filter((each) => each !== taken), index]
  }

  /** PostgreSQL numbers a name that it chose when it is taken. */
  #free(name: string): string {
    const taken = new Set(this.indexes.map((each) => each.name))
    for (let number = 0; ; number += 1) {
      const free = number === 0 ? name : `${name}${number}`
      if (!taken.has(free)) return free
    }
  }

  #addConstraint(table: Table, constraint: Constraint, ownColumn?: string): void {
    const { contype, conname, keys, including, indexname, exclusions, access_method, where_clause } =
      constraint
    const kind = CONSTRAINTS[contype ?? '']
    if (kind === undefined) return
    if (indexname !== undefined) {
      this.#change(
        ({ name, ...each }) => name === indexname && isSameTable(each, table),
        (index) => ({
          ...index,
          name: conname ?? indexname,
          isNamed: true,
          constraint: kind,
          isUnique: true,
        }),
      )
      return
    }
    const elements = (exclusions ?? []).flatMap((pair) =>
      'List' in pair ? elementsOf((pair.List.items ?? []).slice(0, 1)) : [],
    )
    const names = ownColumn === undefined ? stringsOf(keys) : [ownColumn]
    const include = stringsOf(including)
    this.#add(
      {
        ...table,
        name: conname ?? null,
        method: access_method ?? 'btree',
        keys: kind === 'exclusion' ? elements.map(keyOf) : names.map((name) => columnKey(name)),
        include,
        where: predicateOf(where_clause),
        isUnique: kind !== 'exclusion',
        columns: [...names, ...elements.flatMap(({ name }) => name ?? []), ...include],
      },
      conname ?? null,
      kind,
    )
  }

  #addColumn(table: Table, { colname, constraints }: ColumnDef): void {
    for (const each of constraints ?? [])
      if ('Constraint' in each && colname !== undefined) this.#addConstraint(table, each.Constraint, colname)
  }

  #alter({ relation, cmds, objtype }: AlterTableStmt): void {
    if (objtype !== 'OBJECT_TABLE') return
    const table = tableOf(relation)
    for (const command of cmds ?? []) {
      if (!('AlterTableCmd' in command)) continue
      const { subtype, name, def } = command.AlterTableCmd
      if (subtype === 'AT_AddConstraint' && def !== undefined && 'Constraint' in def)
        this.#addConstraint(table, def.Constraint)
      else if (subtype === 'AT_AddColumn' && def !== undefined && 'ColumnDef' in def)
        this.#addColumn(table, def.ColumnDef)
      else if (subtype === 'AT_DropConstraint')
        this.#remove((index) => index.constraint !== null && index.name === name && isSameTable(index, table))
      else if (subtype === 'AT_DropColumn')
        this.#remove((index) => isSameTable(index, table) && index.columns.includes(name ?? ''))
    }
  }

  #drop({ removeType, objects }: Extract<Node, { DropStmt: unknown }>['DropStmt']): void {
    for (const object of objects ?? []) {
      const names = 'List' in object ? stringsOf(object.List.items) : stringsOf([object])
      const [name = '', schema = null] = [...names].reverse()
      if (removeType === 'OBJECT_INDEX')
        this.#remove((index) => index.name === name && sameSchema(index.schema, schema))
      else if (removeType === 'OBJECT_TABLE' || removeType === 'OBJECT_MATVIEW')
        this.#remove(onTable({ schema, table: name }))
      else if (removeType === 'OBJECT_SCHEMA') this.#remove((index) => index.schema === name)
    }
  }

  #rename(stmt: Extract<Node, { RenameStmt: unknown }>['RenameStmt']): void {
    const { renameType, relation, subname = '', newname = '' } = stmt
    const on = tableOf(relation)
    const isThisTable = onTable(on)
    if (renameType === 'OBJECT_INDEX')
      this.#change(
        (index) => index.name === on.table && sameSchema(index.schema, on.schema),
        (index) => ({ ...index, name: newname, isNamed: true }),
      )
    else if (renameType === 'OBJECT_TABLE')
      this.#change(isThisTable, (index) => ({ ...index, table: newname }))
    else if (renameType === 'OBJECT_TABCONSTRAINT')
      this.#change(
        (index) => index.name === subname && index.constraint !== null && isThisTable(index),
        (index) => ({ ...index, name: newname, isNamed: true }),
      )
    else if (renameType === 'OBJECT_COLUMN')
      this.#change(isThisTable, (index) => withColumn(index, subname, newname))
  }

  #remove(which: (index: DeclaredIndex) => boolean): void {
    this.indexes = this.indexes.filter((index) => !which(index))
  }

  #change(which: (index: DeclaredIndex) => boolean, how: (index: DeclaredIndex) => DeclaredIndex): void {
    this.indexes = this.indexes.map((index) => (which(index) ? how(index) : index))
  }
}

const CONSTRAINTS: Readonly<Record<string, DeclaredIndex['constraint']>> = {
  CONSTR_PRIMARY: 'primary',
  CONSTR_UNIQUE: 'unique',
  CONSTR_EXCLUSION: 'exclusion',
}

function tableOf(relation: RangeVar | undefined): Table {
  return { schema: relation?.schemaname ?? null, table: relation?.relname ?? '' }
}

function onTable(table: Table): (index: DeclaredIndex) => boolean {
  return (index) => isSameTable(index, table)
}

function sameSchema(a: string | null, b: string | null): boolean {
  return a === null || b === null || a === b
}

function shapeOf({ method, keys, include, where, isUnique }: DeclaredIndex): unknown {
  return [method, keys, include, where?.canonical, isUnique]
}

function withColumn(index: DeclaredIndex, from: string, to: string): DeclaredIndex {
  const word = new RegExp(`'(?:[^']|'')*'|(?<![\\w".])${escaped(ident(from))}(?![\\w"(])`, 'g')
  // literals stay as they are
  const inText = (sql: string) => sql.replaceAll(word, (token) => (token.startsWith("'") ? token : ident(to)))
  const named = (name: string) => (name === from ? to : name)
  return {
    ...index,
    keys: index.keys.map((key) => ({
      ...key,
      column: key.column === null ? null : named(key.column),
      sql: key.column === null ? inText(key.sql) : ident(named(key.column)),
      canonical: withColumnRenamed(key.canonical, from, to),
    })),
    include: index.include.map(named),
    where:
      index.where === null
        ? null
        : { sql: inText(index.where.sql), canonical: withColumnRenamed(index.where.canonical, from, to) },
    columns: index.columns.map(named),
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
