// Statements that make, drop or rebuild indexes, or rewrite a table to order or shrink it.

import type { ClusterStmt, IndexStmt, RefreshMatViewStmt, ReindexStmt, VacuumStmt } from 'libpg-query'
import { ident } from '../sql/quote.ts'
import { hasOption, relationOf, sqlName } from './ast.ts'
import { type Operation, operation, type RelationName } from './operation.ts'

export function createIndex(statement: IndexStmt, sql: string): Operation {
  const table = relationOf(statement.relation)
  const name = statement.idxname ?? ''
  const isConcurrent = statement.concurrent === true
  return operation(
    isConcurrent ? 'create-index-concurrently' : 'create-index',
    `builds ${statement.unique === true ? 'unique ' : ''}index ${name || 'without a name'}${isConcurrent ? ' concurrently' : ''}`,
    {
      locks: [{ on: table, mode: isConcurrent ? 'share update exclusive' : 'share' }],
      work: [{ kind: 'index-build', on: table, isCertain: true }],
      safer: isConcurrent
        ? []
        : [sql.replace(/\bindex\b(\s+concurrently\b)?/i, (word) => `${word} concurrently`)],
      neverInTransaction: isConcurrent,
    },
  )
}

export function dropIndex(index: RelationName, isConcurrent: boolean): Operation {
  return operation(isConcurrent ? 'drop-index-concurrently' : 'drop-index', `drops index ${index.name}`, {
    locks: [{ on: index, mode: isConcurrent ? 'share update exclusive' : 'access exclusive' }],
    safer: isConcurrent ? [] : [`drop index concurrently if exists ${sqlName(index)}`],
    neverInTransaction: isConcurrent,
  })
}

export function reindex(statement: ReindexStmt): Operation {
  const isIndex = statement.kind === 'REINDEX_OBJECT_INDEX'
  const isConcurrent = hasOption(statement.params, 'concurrently')
  const on = statement.relation === undefined ? null : relationOf(statement.relation)
  const what = on === null ? (statement.name ?? 'the database') : on.name
  return operation(
    isConcurrent ? 'reindex-concurrently' : 'reindex',
    `rebuilds ${isIndex ? 'index' : 'the indexes of'} ${what}`,
    {
      locks:
        on === null
          ? []
          : [{ on, mode: isConcurrent ? 'share update exclusive' : isIndex ? 'access exclusive' : 'share' }],
      work: on === null ? [] : [{ kind: 'index-build', on, isCertain: true }],
      safer:
        isConcurrent || on === null
          ? []
          : [`reindex ${isIndex ? 'index' : 'table'} concurrently ${sqlName(on)}`],
      neverInTransaction: isConcurrent || on === null,
    },
  )
}

export function refreshView(statement: RefreshMatViewStmt): Operation {
  const view = relationOf(statement.relation)
  const isConcurrent = statement.concurrent === true
  return operation('refresh-materialized-view', `fills the materialized view ${view.name}`, {
    locks: [{ on: view, mode: isConcurrent ? 'exclusive' : 'access exclusive' }],
    work: statement.skipData === true ? [] : [{ kind: 'rewrite', on: view, isCertain: true }],
    safer: isConcurrent
      ? []
      : [`refresh materialized view concurrently ${sqlName(view)} -- needs a unique index on it`],
  })
}

export function vacuum(statement: VacuumStmt): readonly Operation[] {
  const isAnalyze = statement.is_vacuumcmd !== true
  const isFull = hasOption(statement.options, 'full')
  const tables = (statement.rels ?? []).flatMap((node) =>
    'VacuumRelation' in node && node.VacuumRelation.relation !== undefined
      ? [relationOf(node.VacuumRelation.relation)]
      : [],
  )
  const kind = isAnalyze ? 'analyze' : isFull ? 'vacuum-full' : 'vacuum'
  const does = isAnalyze ? 'samples' : isFull ? 'rewrites' : 'vacuums'
  return (tables.length === 0 ? [null] : tables).map((table) =>
    operation(kind, `${does} ${table?.name ?? 'every table'}`, {
      locks:
        table === null ? [] : [{ on: table, mode: isFull ? 'access exclusive' : 'share update exclusive' }],
      // a sample of 30,000 rows is no scan
      work:
        table === null || isAnalyze
          ? []
          : [{ kind: isFull ? 'rewrite' : 'scan', on: table, isCertain: true }],
      safer:
        isFull && table !== null
          ? [`vacuum ${sqlName(table)} -- to give space back while in use: pg_repack`]
          : [],
      neverInTransaction: !isAnalyze,
    }),
  )
}

export function cluster(statement: ClusterStmt): Operation {
  if (statement.relation === undefined)
    return operation('cluster', 'clusters every table that was clustered before', {
      neverInTransaction: true,
    })
  const table = relationOf(statement.relation)
  const by = statement.indexname === undefined ? '' : ` by ${ident(statement.indexname)}`
  return operation('cluster', `rewrites ${table.name} in order${by}`, {
    locks: [{ on: table, mode: 'access exclusive' }],
    work: [{ kind: 'rewrite', on: table, isCertain: true }],
  })
}
