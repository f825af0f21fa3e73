// Which statements maintenance runs: those that it can interrupt at any moment, clean up after, and verify. Everything else is for people.

import type { Node } from 'libpg-query'
import type { MaintenanceStep, RelationRef } from '../model/maintenance.ts'
import { loadParser } from '../sql/parse/parse-statements.ts'
import { createPartition, isPartitionCommand, partitionCommand } from './allowed-partition-step.ts'
import { type Allowed, NO_SCHEMA, type NodeOf, relationOf } from './statement-nodes.ts'

export type { Allowed } from './statement-nodes.ts'

/** `sql` is one statement. What is refused is told in words that end "... is not run by pgsteward: ...". */
export async function allowedStep(sql: string): Promise<Allowed> {
  // the parser is of PostgreSQL 17, which does not know it
  if (/^\s*repack\b/i.test(sql)) return repack(sql)
  const parse = await loadParser()
  const parsed = parse(sql)
  if ('problem' in parsed) return { refused: `It cannot be read: ${parsed.problem}.` }
  const [statement, ...more] = parsed.statements
  if (statement !== undefined && more.length > 0 && 'CreateStmt' in statement)
    return createPartition(statement.CreateStmt, more, sql)
  if (statement === undefined || more.length > 0) return { refused: 'It is not one statement.' }
  return stepOf(statement, sql)
}

/** All of them, or the reason against the first that is refused. */
export async function allowedSteps(
  sql: readonly string[],
): Promise<{ readonly steps: readonly MaintenanceStep[] } | { readonly refused: string }> {
  const steps: MaintenanceStep[] = []
  for (const each of sql) {
    const allowed = await allowedStep(each)
    if ('refused' in allowed) return { refused: `${each}: ${allowed.refused}` }
    steps.push(allowed.step)
  }
  return steps.length === 0 ? { refused: 'There is nothing to run.' } : { steps }
}

function stepOf(node: Node, sql: string): Allowed {
  if ('IndexStmt' in node) return createIndex(node.IndexStmt, sql)
  if ('ReindexStmt' in node) return reindex(node.ReindexStmt, sql)
  if ('DropStmt' in node) return dropIndex(node.DropStmt, sql)
  if ('VacuumStmt' in node) return vacuum(node.VacuumStmt, sql)
  if ('AlterTableStmt' in node && isPartitionCommand(node.AlterTableStmt))
    return partitionCommand(node.AlterTableStmt, sql)
  if ('AlterTableStmt' in node) return tableSettings(node.AlterTableStmt, sql)
  return { refused: 'Statements of this kind are not run by pgsteward: run it yourself, or as a migration.' }
}

const NAME = '([a-z_][a-z0-9_$]*|"(?:[^"]|"")+")'
const REPACK = new RegExp(`^repack \\(concurrently\\) ${NAME}\\.${NAME};?$`)

/** One form alone, as pgsteward writes it: PostgreSQL 19. */
function repack(sql: string): Allowed {
  const [, schema, name] = REPACK.exec(sql.trim()) ?? []
  if (schema === undefined || name === undefined)
    return {
      refused:
        'Of REPACK, pgsteward runs `repack (concurrently) schema.table` alone: without CONCURRENTLY it locks everybody out.',
    }
  const bare = (text: string) => (text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text)
  return { step: { kind: 'repack', sql, relation: { schema: bare(schema), name: bare(name) }, table: null } }
}

function createIndex(statement: NodeOf<'IndexStmt'>, sql: string): Allowed {
  const table = relationOf(statement.relation)
  if (statement.concurrent !== true)
    return { refused: 'An index is built concurrently or not at all: without, writes wait until it is done.' }
  if (table === null) return { refused: NO_SCHEMA }
  if (statement.idxname === undefined || statement.idxname === '')
    return { refused: 'The index has no name, so an unfinished one could not be told from others.' }
  return {
    step: {
      kind: 'create-index',
      sql,
      relation: { schema: table.schema, name: statement.idxname },
      table,
    },
  }
}

function reindex(statement: NodeOf<'ReindexStmt'>, sql: string): Allowed {
  const relation = relationOf(statement.relation)
  if (statement.kind !== 'REINDEX_OBJECT_INDEX')
    return { refused: 'Indexes are rebuilt one by one: name one.' }
  if (!optionNames(statement.params).includes('concurrently'))
    return { refused: 'An index is rebuilt concurrently or not at all: without, statements wait for it.' }
  return relation === null
    ? { refused: NO_SCHEMA }
    : { step: { kind: 'reindex', sql, relation, table: null } }
}

function dropIndex(statement: NodeOf<'DropStmt'>, sql: string): Allowed {
  if (statement.removeType !== 'OBJECT_INDEX')
    return { refused: 'Nothing but indexes is dropped by pgsteward.' }
  if (statement.concurrent !== true)
    return { refused: 'An index is dropped concurrently or not at all: without, statements wait for it.' }
  const [names, ...more] = (statement.objects ?? []).map(namesOf)
  if (names === undefined || more.length > 0) return { refused: 'Indexes are dropped one by one.' }
  const relation = { schema: names.at(-2), name: names.at(-1)! }
  return relation.schema === undefined
    ? { refused: NO_SCHEMA }
    : { step: { kind: 'drop-index', sql, relation: relation as RelationRef, table: null } }
}

/** Options that neither lock nor rewrite more than a plain VACUUM does. */
const VACUUM_OPTIONS = new Set([
  'analyze',
  'verbose',
  'freeze',
  'truncate',
  'skip_locked',
  'parallel',
  'index_cleanup',
])

function vacuum(statement: NodeOf<'VacuumStmt'>, sql: string): Allowed {
  const kind = statement.is_vacuumcmd === true ? ('vacuum' as const) : ('analyze' as const)
  const options = optionNames(statement.options)
  if (options.includes('full'))
    return {
      refused:
        'VACUUM FULL locks everybody out of the table while it is written anew: only somebody who names the table asks for that (pgsteward maintain request).',
    }
  const strange = options.find((name) => !VACUUM_OPTIONS.has(name))
  if (strange !== undefined)
    return { refused: `The option ${strange} is not one that pgsteward knows to be harmless.` }
  const [table, ...more] = (statement.rels ?? []).map((node) =>
    'VacuumRelation' in node ? relationOf(node.VacuumRelation.relation) : null,
  )
  if (table === undefined || more.length > 0) return { refused: 'Tables are taken one by one: name one.' }
  return table === null ? { refused: NO_SCHEMA } : { step: { kind, sql, relation: table, table: null } }
}

/** autovacuum's and the planner's settings of a table: a short lock that stops neither reading nor writing. */
function tableSettings(statement: NodeOf<'AlterTableStmt'>, sql: string): Allowed {
  const table = relationOf(statement.relation)
  const commands = (statement.cmds ?? []).flatMap((node) =>
    'AlterTableCmd' in node ? [node.AlterTableCmd] : [],
  )
  const isSettings = commands.every(
    ({ subtype, def }) =>
      (subtype === 'AT_SetRelOptions' || subtype === 'AT_ResetRelOptions') &&
      def !== undefined &&
      'List' in def &&
      optionNames(def.List.items).every((name) => /^(autovacuum_\w+|fillfactor|vacuum_truncate)$/.test(name)),
  )
  if (statement.objtype !== 'OBJECT_TABLE' || commands.length === 0 || !isSettings)
    return {
      refused:
        'Of ALTER, pgsteward runs SET and RESET of autovacuum settings and fillfactor of a table alone, and partitions attached and detached.',
    }
  return table === null
    ? { refused: NO_SCHEMA }
    : { step: { kind: 'table-settings', sql, relation: table, table: null } }
}

function optionNames(options: readonly Node[] | undefined): readonly string[] {
  return (options ?? []).flatMap((node) => ('DefElem' in node ? [node.DefElem.defname ?? '?'] : ['?']))
}

function namesOf(node: Node): readonly string[] {
  if (!('List' in node)) return []
  return (node.List.items ?? []).map((item) => ('String' in item ? (item.String.sval ?? '') : ''))
}
