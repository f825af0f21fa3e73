// From a statement's parse tree to its query shape. Names are resolved by the catalog; what can't be read is left out, never guessed.

import type {
  InsertStmt,
  JoinExpr,
  MergeStmt,
  Node,
  RangeVar,
  SelectStmt,
  SortBy,
  SubLink,
  WithClause,
} from 'libpg-query'
import { addCondition, addJoin } from './conditions.ts'
import { stringsOf } from './expression-sql.ts'
import type { Parser } from './parse-statements.ts'
import type { ParameterUse, QueryBlock, QueryShape, TableWrite } from './query-shape.ts'
import {
  addColumns,
  columnKey,
  type Derived,
  keyOf,
  lookUp,
  noteColumns,
  type Resolved,
  type Scope,
  type UseDraft,
} from './scope.ts'
import type { KnownTable, TableFinder } from './table-names.ts'
import { conjuncts, findIn, highestParameter } from './walk.ts'

export interface Unreadable {
  readonly problem: string
}

/** The shape of the first statement of a text. */
export function shapeOf(text: string, parse: Parser, find: TableFinder): QueryShape | Unreadable {
  const parsed = parse(text)
  if ('problem' in parsed) return parsed
  return new ShapeReader(parse, find).read(parsed.statements[0]!)
}

/** Owns what is gathered while one statement is read. */
class ShapeReader {
  readonly #parse: Parser
  readonly #find: TableFinder
  readonly #blocks: QueryBlock[] = []
  readonly #writes: TableWrite[] = []
  readonly #parameters: ParameterUse[] = []
  readonly #unknown = new Set<string>()
  /** Views within views; a view can't contain itself, but a damaged catalog could say so. */
  #depth = 0

  constructor(parse: Parser, find: TableFinder) {
    this.#parse = parse
    this.#find = find
  }

  read(statement: Node): QueryShape {
    const kind = this.#statement(statement, null, new Map())
    return {
      kind,
      blocks: this.#blocks,
      writes: this.#writes,
      parameters: this.#parameters,
      parameterCount: highestParameter(statement),
      unknownTables: [...this.#unknown],
    }
  }

  #statement(node: Node, outer: Scope | null, named: ReadonlyMap<string, Derived>): QueryShape['kind'] {
    if ('SelectStmt' in node) {
      this.#select(node.SelectStmt, outer, named)
      return 'select'
    }
    if ('InsertStmt' in node) {
      this.#insert(node.InsertStmt, outer, named)
      return 'insert'
    }
    if ('UpdateStmt' in node) {
      const { relation, targetList, whereClause, fromClause, returningClause, withClause } = node.UpdateStmt
      const columns = setColumns(targetList)
      this.#change(relation, 'update', columns, fromClause ?? [], whereClause, withClause, outer, named, [
        targetList,
        returningClause,
      ])
      return 'update'
    }
    if ('DeleteStmt' in node) {
      const { relation, usingClause, whereClause, returningClause, withClause } = node.DeleteStmt
      this.#change(relation, 'delete', [], usingClause ?? [], whereClause, withClause, outer, named, [
        returningClause,
      ])
      return 'delete'
    }
    if ('MergeStmt' in node) {
      this.#merge(node.MergeStmt, outer, named)
      return 'merge'
    }
    return 'other'
  }

  #with(clause: WithClause | undefined, outer: Scope | null, named: ReadonlyMap<string, Derived>) {
    const all = new Map(named)
    for (const each of clause?.ctes ?? []) {
      if (!('CommonTableExpr' in each)) continue
      const { ctename = '', ctequery, aliascolnames } = each.CommonTableExpr
      // recursion: the name means itself inside, with nothing known of its columns
      if (clause?.recursive) all.set(ctename, { alias: ctename, outputs: new Map() })
      if (ctequery === undefined) continue
      const outputs = 'SelectStmt' in ctequery ? this.#select(ctequery.SelectStmt, outer, all) : []
      if (!('SelectStmt' in ctequery)) this.#statement(ctequery, outer, all)
      all.set(ctename, derive(ctename, outputs, stringsOf(aliascolnames)))
    }
    return all
  }

  /** Returns the outputs: name and what they are, null where no key. */
  #select(select: SelectStmt, outer: Scope | null, named: ReadonlyMap<string, Derived>): readonly Output[] {
    const inSight = this.#with(select.withClause, outer, named)
    if (select.op !== undefined && select.op !== 'SETOP_NONE') {
      const left = select.larg === undefined ? [] : this.#select(select.larg, outer, inSight)
      if (select.rarg !== undefined) this.#select(select.rarg, outer, inSight)
      // a condition on a union goes into both arms; followed into neither, which only misses candidates
      return left.map(({ name }) => ({ name, resolved: null }))
    }
    const scope: Scope = { uses: [], derived: [], outer, named: inSight }
    for (const item of select.fromClause ?? []) this.#from(item, scope)
    const outputs = (select.targetList ?? []).flatMap((target) => outputOf(target, scope))
    noteColumns([select.targetList, select.groupClause, select.havingClause, select.windowClause], scope)
    for (const conjunct of conjuncts(select.whereClause)) this.#where(conjunct, scope)
    this.#subSelects([select.targetList, select.havingClause], scope)
    this.#group(select, scope, outputs)
    this.#order(select, scope, outputs)
    this.#extremes(select, scope)
    noteColumns(select.sortClause, scope)
    if ((select.lockingClause ?? []).length > 0) for (const use of scope.uses) use.visitsRows = true
    this.#blocks.push({ uses: scope.uses, hasLimit: select.limitCount !== undefined })
    return outputs
  }

  #from(item: Node, scope: Scope): void {
    if ('RangeVar' in item) this.#table(item.RangeVar, scope)
    else if ('JoinExpr' in item) this.#join(item.JoinExpr, scope)
    else if ('RangeSubselect' in item) {
      const { subquery, alias, lateral } = item.RangeSubselect
      if (subquery === undefined || !('SelectStmt' in subquery)) return
      const around = lateral ? scope : scope.outer
      const outputs = this.#select(subquery.SelectStmt, around, scope.named)
      scope.derived.push(derive(alias?.aliasname ?? '', outputs, stringsOf(alias?.colnames)))
    } else if ('RangeFunction' in item)
      scope.derived.push({ alias: item.RangeFunction.alias?.aliasname ?? '', outputs: new Map() })
    else if ('RangeTableSample' in item && item.RangeTableSample.relation !== undefined)
      this.#from(item.RangeTableSample.relation, scope)
  }

  /** Null for CTEs, views and tables that are not known. */
  #table(range: RangeVar, scope: Scope): UseDraft | null {
    const name = range.relname ?? ''
    const alias = range.alias?.aliasname ?? name
    const cte = range.schemaname === undefined ? scope.named.get(name) : undefined
    if (cte !== undefined) {
      scope.derived.push({ alias, outputs: cte.outputs })
      return null
    }
    const known = this.#find(range.schemaname, name)
    if (known === null) {
      this.#unknown.add(range.schemaname === undefined ? name : `${range.schemaname}.${name}`)
      scope.derived.push({ alias, outputs: new Map() })
      return null
    }
    if (known.viewSql !== null) {
      this.#view(known, alias, scope)
      return null
    }
    const use = draftOf(known, alias)
    scope.uses.push(use)
    return use
  }

  #view(view: KnownTable, alias: string, scope: Scope): void {
    const parsed = this.#depth < 20 ? this.#parse(view.viewSql!) : { problem: 'views too deep' }
    const query = 'problem' in parsed ? undefined : parsed.statements[0]
    this.#depth += 1
    const outputs =
      query !== undefined && 'SelectStmt' in query ? this.#select(query.SelectStmt, null, new Map()) : []
    this.#depth -= 1
    scope.derived.push(
      derive(
        alias,
        outputs,
        view.columns.map(({ name }) => name),
      ),
    )
  }

  #join(join: JoinExpr, scope: Scope): void {
    const before = new Set(scope.uses)
    if (join.larg !== undefined) this.#from(join.larg, scope)
    const left = scope.uses.filter((use) => !before.has(use))
    const leftDerived = [...scope.derived]
    if (join.rarg !== undefined) this.#from(join.rarg, scope)
    const right = scope.uses.filter((use) => !before.has(use) && !left.includes(use))
    // the row-preserving side of an outer join can't be searched by the other's values, nor filtered by ON
    const only =
      join.jointype === 'JOIN_LEFT'
        ? (use: UseDraft) => !left.includes(use)
        : join.jointype === 'JOIN_RIGHT'
          ? (use: UseDraft) => !right.includes(use)
          : join.jointype === 'JOIN_FULL'
            ? () => false
            : undefined
    for (const conjunct of conjuncts(join.quals)) this.#where(conjunct, scope, only)
    const rightDerived = scope.derived.filter((each) => !leftDerived.includes(each))
    const sides = [
      { uses: left, derived: leftDerived, outer: null, named: scope.named },
      { uses: right, derived: rightDerived, outer: null, named: scope.named },
    ] as const
    const names = join.isNatural ? sharedNames(left, right) : stringsOf(join.usingClause)
    for (const name of names) {
      const [a, b] = sides.map((side) => lookUp({ fields: [{ String: { sval: name } }] }, side))
      for (const each of [a, b]) if (each != null) addColumns(each)
      if (a != null && b != null) addJoin(a, b, only)
    }
  }

  #where(conjunct: Node, scope: Scope, only?: (use: UseDraft) => boolean): void {
    noteColumns(conjunct, scope)
    const { subLinks } = findIn(conjunct)
    const isSubLink = 'SubLink' in conjunct
    if (!isSubLink) addCondition(conjunct, scope, this.#parameters, only)
    for (const link of subLinks) this.#subSelect(link, scope, isSubLink ? link === conjunct.SubLink : false)
  }

  #subSelects(nodes: unknown, scope: Scope): void {
    for (const link of findIn(nodes).subLinks) this.#subSelect(link, scope, false)
  }

  #subSelect(link: SubLink, scope: Scope, isConjunct: boolean): void {
    if (link.subselect === undefined || !('SelectStmt' in link.subselect)) return
    const query = link.subselect.SelectStmt
    // what EXISTS selects is never computed
    const asked = link.subLinkType === 'EXISTS_SUBLINK' ? { ...query, targetList: [] } : query
    const outputs = this.#select(asked, scope, scope.named)
    const left = keyOf(link.testexpr, scope)
    const right = outputs[0]?.resolved
    // x in (select y ...): planned as a semi join, whichever side leads
    if (isConjunct && link.subLinkType === 'ANY_SUBLINK' && left !== null && right != null)
      addJoin(left, right)
  }

  #group(select: SelectStmt, scope: Scope, outputs: readonly Output[]): void {
    const isDistinct = (select.distinctClause ?? []).length > 0
    const distinctOn = (select.distinctClause ?? []).filter((node) => Object.keys(node).length > 0)
    const keys = [
      ...(select.groupClause ?? []).map((node) => outputOrKey(node, scope, outputs)),
      ...(isDistinct
        ? distinctOn.length > 0
          ? distinctOn.map((node) => outputOrKey(node, scope, outputs))
          : outputs.map(({ resolved }) => resolved)
        : []),
    ]
    for (const each of keys) if (each !== null && each !== undefined) each.use.group.push(each.key)
  }

  #order(select: SelectStmt, scope: Scope, outputs: readonly Output[]): void {
    const sorts = (select.sortClause ?? []).flatMap((node) => ('SortBy' in node ? [node.SortBy] : []))
    const keys = sorts.map((sort) => outputOrKey(sort.node, scope, outputs))
    const first = keys[0]
    if (first === null || first === undefined) return
    let own = 0
    while (own < keys.length && keys[own]?.use === first.use) own += 1
    first.use.order.push(...keys.slice(0, own).map((each, index) => orderKey(each!, sorts[index]!)))
    first.use.isWholeOrder = own === keys.length
  }

  /** select max(x): served by the end of an index on x. */
  #extremes(select: SelectStmt, scope: Scope): void {
    if (select.groupClause !== undefined) return
    for (const target of select.targetList ?? []) {
      if (!('ResTarget' in target) || target.ResTarget.val === undefined) continue
      const value = target.ResTarget.val
      if (!('FuncCall' in value) || !/^(min|max)$/.test(stringsOf(value.FuncCall.funcname).at(-1) ?? ''))
        continue
      const resolved = keyOf(value.FuncCall.args?.[0], scope)
      if (resolved !== null) resolved.use.extremes.push(resolved.key)
    }
  }

  #insert(insert: InsertStmt, outer: Scope | null, named: ReadonlyMap<string, Derived>): void {
    const inSight = this.#with(insert.withClause, outer, named)
    const source = insert.selectStmt
    const select = source !== undefined && 'SelectStmt' in source ? source.SelectStmt : undefined
    const values = select?.valuesLists?.length ?? 0
    if (select !== undefined && values === 0) this.#select(select, outer, inSight)
    if (values > 0) {
      const scope: Scope = { uses: [], derived: [], outer, named: inSight }
      this.#subSelects(select?.valuesLists, scope)
    }
    const table = this.#written(insert.relation)
    if (table === null) return
    const readsTables = this.#blocks.some((block) => block.uses.length > 0)
    // rows made by a function (generate_series, unnest) stand for a batch whose size no text tells: one row a call
    const rows = values > 0 ? values : source === undefined ? 1 : readsTables ? null : 1
    this.#writes.push({ table, kind: 'insert', columns: [], rows })
    const conflict = insert.onConflictClause
    if (conflict?.action === 'ONCONFLICT_UPDATE')
      this.#writes.push({ table, kind: 'update', columns: setColumns(conflict.targetList), rows })
  }

  #change(
    relation: RangeVar | undefined,
    kind: 'update' | 'delete',
    columns: readonly string[],
    from: readonly Node[],
    where: Node | undefined,
    withClause: WithClause | undefined,
    outer: Scope | null,
    named: ReadonlyMap<string, Derived>,
    read: unknown,
  ): void {
    const scope: Scope = { uses: [], derived: [], outer, named: this.#with(withClause, outer, named) }
    const target = relation === undefined ? null : this.#table(relation, scope)
    for (const item of from) this.#from(item, scope)
    noteColumns(read, scope)
    for (const conjunct of conjuncts(where)) this.#where(conjunct, scope)
    this.#subSelects(read, scope)
    if (target !== null) {
      target.visitsRows = true
      this.#writes.push({ table: target.table, kind, columns, rows: null })
    }
    this.#blocks.push({ uses: scope.uses, hasLimit: false })
  }

  #merge(merge: MergeStmt, outer: Scope | null, named: ReadonlyMap<string, Derived>): void {
    const scope: Scope = { uses: [], derived: [], outer, named: this.#with(merge.withClause, outer, named) }
    const target = merge.relation === undefined ? null : this.#table(merge.relation, scope)
    if (merge.sourceRelation !== undefined) this.#from(merge.sourceRelation, scope)
    for (const conjunct of conjuncts(merge.joinCondition)) this.#where(conjunct, scope)
    noteColumns(merge.mergeWhenClauses, scope)
    if (target !== null) {
      target.visitsRows = true
      for (const each of merge.mergeWhenClauses ?? []) {
        if (!('MergeWhenClause' in each)) continue
        const { commandType, targetList } = each.MergeWhenClause
        const table = target.table
        if (commandType === 'CMD_UPDATE')
          this.#writes.push({ table, kind: 'update', columns: setColumns(targetList), rows: null })
        if (commandType === 'CMD_DELETE')
          this.#writes.push({ table, kind: 'delete', columns: [], rows: null })
        if (commandType === 'CMD_INSERT')
          this.#writes.push({ table, kind: 'insert', columns: [], rows: null })
      }
    }
    this.#blocks.push({ uses: scope.uses, hasLimit: false })
  }

  #written(relation: RangeVar | undefined) {
    const known = relation === undefined ? null : this.#find(relation.schemaname, relation.relname ?? '')
    if (known === null && relation?.relname !== undefined) this.#unknown.add(relation.relname)
    return known === null ? null : { schema: known.schema, name: known.name }
  }
}

interface Output {
  readonly name: string
  readonly resolved: Resolved | null
}

/** `*` stands for all columns of the tables in FROM. */
function outputOf(target: Node, scope: Scope): readonly Output[] {
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
function outputOrKey(node: Node | undefined, scope: Scope, outputs: readonly Output[]): Resolved | null {
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

function orderKey({ key }: Resolved, sort: SortBy) {
  const isDescending = sort.sortby_dir === 'SORTBY_DESC'
  const areNullsFirst =
    sort.sortby_nulls === 'SORTBY_NULLS_FIRST' || (sort.sortby_nulls !== 'SORTBY_NULLS_LAST' && isDescending)
  return { on: key, isDescending, areNullsFirst }
}

function derive(alias: string, outputs: readonly Output[], names: readonly string[]): Derived {
  return {
    alias,
    outputs: new Map(outputs.map(({ name, resolved }, index) => [names[index] ?? name, resolved] as const)),
  }
}

function draftOf(table: KnownTable, alias: string): UseDraft {
  return {
    table: { schema: table.schema, name: table.name },
    alias,
    conditions: [],
    alternatives: [],
    order: [],
    isWholeOrder: false,
    group: [],
    extremes: [],
    columns: [],
    readsWholeRow: false,
    visitsRows: false,
    known: new Map(table.columns.map((column) => [column.name, column])),
  }
}

function setColumns(targets: readonly Node[] | undefined): readonly string[] {
  return (targets ?? []).flatMap((node) =>
    'ResTarget' in node && node.ResTarget.name !== undefined ? [node.ResTarget.name] : [],
  )
}

function sharedNames(left: readonly UseDraft[], right: readonly UseDraft[]): readonly string[] {
  const names = new Set(left.flatMap((use) => [...use.known.keys()]))
  return [...new Set(right.flatMap((use) => [...use.known.keys()]))].filter((name) => names.has(name))
}
