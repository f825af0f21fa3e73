// From a statement's parse tree to its query shape. Names are resolved by the catalog; what can't be read is left out, never guessed.

import type {
  InsertStmt,
  JoinExpr,
  MergeStmt,
  Node,
  RangeVar,
  SelectStmt,
  SubLink,
  WithClause,
} from 'libpg-query'
import { addCondition, addJoin } from './conditions.ts'
import { stringsOf } from './expression-sql.ts'
import { searchable, sharedNames } from './join-sides.ts'
import { addOrderAndGroups } from './order-and-groups.ts'
import { derive, type Output, outputOf } from './outputs.ts'
import type { Parser } from './parse-statements.ts'
import type { ParameterUse, QueryBlock, QueryShape, TableWrite } from './query-shape.ts'
import {
  addColumns,
  type Derived,
  draftOf,
  keyOf,
  lookUp,
  noteColumns,
  type Scope,
  type UseDraft,
} from './scope.ts'
import type { KnownTable, TableFinder } from './table-names.ts'
import { conjuncts, findIn, highestParameter } from './walk.ts'
import { mergeWrites, setColumns } from './written.ts'

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
    addOrderAndGroups(select, scope, outputs)
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
    const only = searchable(join, left, right)
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
      this.#writes.push(...mergeWrites(merge, target.table))
    }
    this.#blocks.push({ uses: scope.uses, hasLimit: false })
  }

  #written(relation: RangeVar | undefined) {
    const known = relation === undefined ? null : this.#find(relation.schemaname, relation.relname ?? '')
    if (known === null && relation?.relname !== undefined) this.#unknown.add(relation.relname)
    return known === null ? null : { schema: known.schema, name: known.name }
  }
}
