// What a statement writes: the columns that it sets, and the kinds of a MERGE.

import type { MergeStmt, Node } from 'libpg-query'
import type { TableName, TableWrite } from './query-shape.ts'

export function setColumns(targets: readonly Node[] | undefined): readonly string[] {
  return (targets ?? []).flatMap((node) =>
    'ResTarget' in node && node.ResTarget.name !== undefined ? [node.ResTarget.name] : [],
  )
}

export function mergeWrites({ mergeWhenClauses }: MergeStmt, table: TableName): readonly TableWrite[] {
  return (mergeWhenClauses ?? []).flatMap((each): readonly TableWrite[] => {
    if (!('MergeWhenClause' in each)) return []
    const { commandType, targetList } = each.MergeWhenClause
    if (commandType === 'CMD_UPDATE')
      return [{ table, kind: 'update', columns: setColumns(targetList), rows: null }]
    if (commandType === 'CMD_DELETE') return [{ table, kind: 'delete', columns: [], rows: null }]
    return commandType === 'CMD_INSERT' ? [{ table, kind: 'insert', columns: [], rows: null }] : []
  })
}
