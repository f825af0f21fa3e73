// What a SELECT puts out: each output's name and, where it is one, the key that it stands for.

import type { Node } from 'libpg-query'
import { stringsOf } from './expression-sql.ts'
import { columnKey, type Derived, keyOf, lookUp, type Resolved, type Scope } from './scope.ts'

export interface Output {
  readonly name: string
  readonly resolved: Resolved | null
}

/** `*` stands for all columns of the tables in FROM. */
export function outputOf(target: Node, scope: Scope): readonly Output[] {
  if (!('ResTarget' in target) || target.ResTarget.val === undefined) return []
  const { name, val } = target.ResTarget
  if ('ColumnRef' in val) {
    const fields = val.ColumnRef.fields ?? []
    const last = fields.at(-1)
    if (last !== undefined && 'A_Star' in last) {
      const alias = fields.length > 1 ? stringsOf(fields).at(-1) : undefined
      return [
        ...scope.uses
          .filter((use) => alias === undefined || use.alias === alias)
          .flatMap((use) =>
            [...use.known.values()].map((column) => ({
              name: column.name,
              resolved: { use, key: columnKey(column) },
            })),
          ),
        ...scope.derived
          .filter((derived) => alias === undefined || derived.alias === alias)
          .flatMap(({ outputs }) => [...outputs].map(([each, resolved]) => ({ name: each, resolved }))),
      ]
    }
    return [{ name: name ?? stringsOf(fields).at(-1) ?? '', resolved: lookUp(val.ColumnRef, scope) }]
  }
  const function_ = 'FuncCall' in val ? stringsOf(val.FuncCall.funcname).at(-1) : undefined
  return [{ name: name ?? function_ ?? '', resolved: keyOf(val, scope) }]
}

/** In ORDER BY and GROUP BY: a position, an output's name, or an expression. */
export function outputOrKey(
  node: Node | undefined,
  scope: Scope,
  outputs: readonly Output[],
): Resolved | null {
  if (node === undefined) return null
  if ('A_Const' in node && node.A_Const.ival !== undefined)
    return outputs[(node.A_Const.ival.ival ?? 0) - 1]?.resolved ?? null
  if ('ColumnRef' in node) {
    const names = stringsOf(node.ColumnRef.fields)
    const output = names.length === 1 ? outputs.find(({ name }) => name === names[0]) : undefined
    if (output !== undefined) return output.resolved
  }
  return keyOf(node, scope)
}

export function derive(alias: string, outputs: readonly Output[], names: readonly string[]): Derived {
  return {
    alias,
    outputs: new Map(outputs.map(({ name, resolved }, index) => [names[index] ?? name, resolved] as const)),
  }
}
