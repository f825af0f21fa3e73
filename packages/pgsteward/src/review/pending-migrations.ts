// Which migrations a database does not have yet: as it recorded itself, as asked, or recognised by the objects that they make.

import type { Node } from 'libpg-query'
import type { StatisticsFile } from '../twin/statistics/statistics-file.ts'
import { columnDefOf, namesOf, relationOf, relationOfNames } from './ast.ts'
import type { Migration } from './read-migrations.ts'

export interface PendingMigrations {
  readonly applied: readonly string[]
  readonly pending: readonly Migration[]
  readonly knownBy: 'recorded' | 'recognised' | 'since'
}

/** `since`: the last one that is applied. Null for one that the folder does not have. */
export function pendingMigrations(
  migrations: readonly Migration[],
  file: StatisticsFile,
  since: string | null,
): PendingMigrations | null {
  const split = (count: number, knownBy: PendingMigrations['knownBy']): PendingMigrations => ({
    applied: migrations.slice(0, count).map(({ name }) => name),
    pending: migrations.slice(count),
    knownBy,
  })
  if (since !== null) {
    const at = migrations.findIndex(({ name }) => isSame(name, since))
    return at < 0 ? null : split(at + 1, 'since')
  }
  const recorded = file.appliedMigrations ?? []
  // a table of migrations of which the folder knows none is another tool's
  if (migrations.some(({ name }) => recorded.some((each) => isSame(name, each)))) {
    const isApplied = ({ name }: Migration) => recorded.some((each) => isSame(name, each))
    return {
      applied: migrations.filter(isApplied).map(({ name }) => name),
      pending: migrations.filter((each) => !isApplied(each)),
      knownBy: 'recorded',
    }
  }
  return split(recognised(migrations, file), 'recognised')
}

/** Tools record a name with or without its ending. */
function isSame(one: string, other: string): boolean {
  return one.replace(/\.sql$/i, '') === other.replace(/\.\w+$/, '')
}

/**
 * The last migration of which everything that it makes is there, and those that only take away what is gone after it. Later ones may
 * take away what an earlier one made, so what is missing says nothing of those before.
 */
function recognised(migrations: readonly Migration[], file: StatisticsFile): number {
  const there = objectsOf(file)
  const traces = migrations.map(({ statements }) => tracesOf(statements.flatMap(({ node }) => node ?? [])))
  const last = traces.findLastIndex(({ makes }) => makes.length > 0 && makes.every((each) => there.has(each)))
  let count = last + 1
  for (const { makes, takes } of traces.slice(count)) {
    if (makes.length > 0 || takes.length === 0 || takes.some((each) => there.has(each))) break
    count += 1
  }
  return count
}

/** `table x`, `column x.y`, `index z`: schemas are left out, as migrations mostly do. */
function objectsOf(file: StatisticsFile): ReadonlySet<string> {
  const objects = new Set<string>()
  for (const table of file.tables) {
    objects.add(`table ${table.name}`)
    for (const column of table.columns) objects.add(`column ${table.name}.${column.name}`)
    for (const index of table.indexes) objects.add(`index ${index.name}`)
    for (const key of table.foreignKeys) objects.add(`constraint ${table.name}.${key.name}`)
    for (const index of table.indexes) objects.add(`constraint ${table.name}.${index.name}`)
  }
  for (const object of file.objects) objects.add(`${object.kind} ${object.name}`)
  return objects
}

interface Traces {
  readonly makes: readonly string[]
  readonly takes: readonly string[]
}

function tracesOf(nodes: readonly Node[]): Traces {
  const makes = new Set<string>()
  const takes = new Set<string>()
  const make = (object: string) => makes.add(object)
  // what a migration makes and takes away itself leaves no trace
  const take = (object: string) => (makes.delete(object) ? undefined : takes.add(object))
  for (const node of nodes) {
    if ('CreateStmt' in node) make(`table ${relationOf(node.CreateStmt.relation).name}`)
    else if ('IndexStmt' in node && node.IndexStmt.idxname !== undefined)
      make(`index ${node.IndexStmt.idxname}`)
    else if ('CreateEnumStmt' in node)
      make(`type ${relationOfNames((node.CreateEnumStmt.typeName ?? []).flatMap(namesOf)).name}`)
    else if ('ViewStmt' in node) make(`view ${relationOf(node.ViewStmt.view).name}`)
    else if ('DropStmt' in node) {
      const kind = String(node.DropStmt.removeType)
        .replace(/^OBJECT_/, '')
        .toLowerCase()
      for (const object of node.DropStmt.objects ?? [])
        take(`${kind} ${relationOfNames(namesOf(object)).name}`)
    } else if ('RenameStmt' in node) {
      const { renameType, relation, subname, newname } = node.RenameStmt
      const table = relationOf(relation).name
      if (renameType === 'OBJECT_TABLE' || renameType === 'OBJECT_INDEX') {
        const kind = renameType === 'OBJECT_TABLE' ? 'table' : 'index'
        make(`${kind} ${newname}`)
        take(`${kind} ${table}`)
      } else if (renameType === 'OBJECT_COLUMN') {
        make(`column ${table}.${newname}`)
        take(`column ${table}.${subname}`)
      }
    } else if ('AlterTableStmt' in node) {
      const table = relationOf(node.AlterTableStmt.relation).name
      for (const each of node.AlterTableStmt.cmds ?? []) {
        if (!('AlterTableCmd' in each)) continue
        const { subtype, name, def } = each.AlterTableCmd
        if (subtype === 'AT_AddColumn') make(`column ${table}.${columnDefOf(def)?.colname}`)
        if (subtype === 'AT_DropColumn') take(`column ${table}.${name}`)
        if (subtype === 'AT_AddConstraint' && def !== undefined && 'Constraint' in def) {
          const { conname, contype } = def.Constraint
          // checks are not listed by name
          if (conname !== undefined && contype !== 'CONSTR_CHECK') make(`constraint ${table}.${conname}`)
        }
      }
    }
  }
  return { makes: [...makes], takes: [...takes] }
}
