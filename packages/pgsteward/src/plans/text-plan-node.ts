// A node's title in EXPLAIN's text format, taken apart: `Parallel Index Scan Backward using orders_at on shop.orders o`.

export type Fields = Readonly<Record<string, unknown>>

const JOIN = /^(Nested Loop|Merge|Hash)(?: (Left|Full|Right Semi|Right Anti|Right|Semi|Anti))?(?: Join)?$/
const AGGREGATE: Readonly<Record<string, string>> = {
  Aggregate: 'Plain',
  GroupAggregate: 'Sorted',
  HashAggregate: 'Hashed',
  MixedAggregate: 'Mixed',
}
const OPERATION = /^(Foreign )?(Insert|Update|Delete|Merge) on (.*)$/
const SET_OPERATION = /^(Hash)?SetOp (.+)$/
const INDEX_SCAN = /^(Index Scan|Index Only Scan)( Backward)? using (.*)$/
const ON = /^(.+? Scan) on (.*)$/

/** As EXPLAIN (FORMAT JSON) has it, but costs. */
export function readTextNode(title: string): Fields {
  const parallel = /^(Parallel |Async )?(.*)$/.exec(title)!
  const flags = { 'Parallel Aware': parallel[1] === 'Parallel ', 'Async Capable': parallel[1] === 'Async ' }
  const name = parallel[2]!
  const partial = /^(Partial|Finalize) (.*)$/.exec(name)
  const strategy = AGGREGATE[partial?.[2] ?? name]
  if (strategy !== undefined)
    return {
      'Node Type': 'Aggregate',
      Strategy: strategy,
      'Partial Mode': partial?.[1] ?? 'Simple',
      ...flags,
    }
  const join = JOIN.exec(name)
  if (join !== null && name !== 'Hash') {
    const type = join[1] === 'Nested Loop' ? 'Nested Loop' : `${join[1]} Join`
    return { 'Node Type': type, ...flags, 'Join Type': join[2] ?? 'Inner' }
  }
  const operation = OPERATION.exec(name)
  if (operation !== null)
    return {
      'Node Type': operation[1] === undefined ? 'ModifyTable' : 'Foreign Scan',
      Operation: operation[2],
      ...flags,
      ...relationOf(operation[3]!),
    }
  const setOperation = SET_OPERATION.exec(name)
  if (setOperation !== null)
    return {
      'Node Type': 'SetOp',
      Strategy: setOperation[1] === undefined ? 'Sorted' : 'Hashed',
      ...flags,
      Command: setOperation[2],
    }
  return { ...scanOf(name), ...flags }
}

function scanOf(name: string): Fields {
  const index = INDEX_SCAN.exec(name)
  if (index !== null) {
    const [indexName, rest] = nameAt(index[3]!, 0)
    return {
      'Node Type': index[1],
      'Scan Direction': index[2] === undefined ? 'Forward' : 'Backward',
      'Index Name': indexName,
      ...relationOf(index[3]!.slice(rest).replace(/^ on /, '')),
    }
  }
  const custom = /^Custom Scan \((.+)\)(?: on (.*))?$/.exec(name)
  if (custom !== null)
    return {
      'Node Type': 'Custom Scan',
      'Custom Plan Provider': custom[1],
      ...(custom[2] === undefined ? {} : relationOf(custom[2])),
    }
  const on = ON.exec(name)
  if (on === null) return { 'Node Type': name }
  const [, type, object] = on
  if (type === 'Bitmap Index Scan') return { 'Node Type': type, 'Index Name': nameAt(object!, 0)[0] }
  const relation = relationOf(object!)
  switch (type) {
    case 'Function Scan':
    case 'Table Function Scan':
      return named(type, type === 'Function Scan' ? 'Function Name' : 'Table Function Name', relation)
    case 'CTE Scan':
    case 'WorkTable Scan':
      return named(type, 'CTE Name', relation)
    case 'Named Tuplestore Scan':
      return named(type, 'Tuplestore Name', relation)
    case 'Subquery Scan':
    case 'Values Scan':
      return { 'Node Type': type, Alias: relation.Alias }
    default:
      return { 'Node Type': type, ...relation }
  }
}

function named(type: string, field: string, { 'Relation Name': name, ...rest }: Fields): Fields {
  return { 'Node Type': type, [field]: name, ...rest }
}

/** `public."My Table" t`: PostgreSQL shows the alias where it is another. */
function relationOf(text: string): Fields {
  const [first, afterFirst] = nameAt(text, 0)
  const isQualified = text[afterFirst] === '.'
  const [name, afterName] = isQualified ? nameAt(text, afterFirst + 1) : [first, afterFirst]
  const alias = text[afterName] === ' ' ? nameAt(text, afterName + 1)[0] : ''
  return {
    'Relation Name': name,
    ...(isQualified ? { Schema: first } : {}),
    Alias: alias === '' ? name : alias,
  }
}

/** The name without its quotes, and where it ends. */
function nameAt(text: string, from: number): [name: string, end: number] {
  const quoted = /^"((?:[^"]|"")*)"/.exec(text.slice(from))
  if (quoted !== null) return [quoted[1]!.replaceAll('""', '"'), from + quoted[0].length]
  const plain = /^[^ .]*/.exec(text.slice(from))![0]
  return [plain, from + plain.length]
}
