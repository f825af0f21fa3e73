// The shape of a plan: what it does, whatever it costs. Plans of one statement that differ in shape are what a plan change is about.

import { createHash } from 'node:crypto'
import type { PlanNode } from '../model/what-if.ts'
import { differenceOf, SHAPE_FIELDS } from './compare-plans.ts'

export interface PlanShape {
  /** The steps as one line: `Hash Join(Seq Scan on orders; Hash(Index Scan on customers using customers_pkey))`. */
  readonly text: string
  /** 12 hexadecimal digits of the text's SHA-256. */
  readonly hash: string
}

/** What aliases and workers' numbers say is said by other fields, or changes by itself. */
const KEPT_FIELDS = SHAPE_FIELDS.filter((field) => field !== 'Alias' && field !== 'Workers Planned')

/** What EXPLAIN's text leaves out because it is the common case. */
const COMMON = new Set(['Forward', 'NoMovement', 'Plain', 'Simple', 'Inner'])

/** Partitions that together cost less are no reason for another shape: the empty one of tomorrow, the default one. */
const LEAST_SHARE = 0.05

export function planShape(plan: PlanNode): PlanShape {
  const text = textOf(shapeTree(plan))
  return { text, hash: createHash('sha256').update(text).digest('hex').slice(0, 12) }
}

/** Where two shapes part, from the top; null: they are the same shape. */
export function shapeDifference(from: PlanNode, to: PlanNode): string | null {
  return differenceOf(shapeTree(from), shapeTree(to))
}

/**
 * The plan with nothing but what makes its shape. Partitions are named by what they are part of (`events*`), and those planned alike
 * are one step, so that neither a new partition nor another number of them that was pruned makes a new shape.
 */
export function shapeTree(plan: PlanNode): PlanNode {
  return shaped(plan, namesTwice(plan), false)
}

function shaped(node: PlanNode, selfJoined: ReadonlySet<string>, isInAppend: boolean): PlanNode {
  const isAppend = node['Node Type'] === 'Append' || node['Node Type'] === 'Merge Append'
  const inputs = node.Plans ?? []
  const all = inputs.map((input) => shaped(input, selfJoined, isInAppend || isAppend))
  const plans = isAppend ? withoutPartitions(inputs, all) : all
  if (isAppend && plans.length === 1 && all.some(isOfPartition)) return plans[0]!
  const relation = relationName(node, isInAppend)
  const fields: Record<string, unknown> = {}
  for (const field of KEPT_FIELDS) {
    const value = fieldValue(field, node[field])
    if (value !== null) fields[field] = value
  }
  if (relation !== null) {
    fields['Relation Name'] = relation
    const index = node['Index Name']
    if (index !== undefined && relation !== node['Relation Name'])
      fields['Index Name'] = indexOfPartition(index, node['Relation Name']!, relation)
    if (selfJoined.has(relation)) fields.Alias = node.Alias?.replace(/_\d+$/, '')
  }
  return {
    'Node Type': node['Node Type'],
    'Startup Cost': 0,
    'Total Cost': 0,
    'Plan Rows': 0,
    'Plan Width': 0,
    ...fields,
    ...(plans.length > 0 ? { Plans: plans } : {}),
  }
}

/** Each shape once, the text's order: which partition comes first says nothing. */
function withoutPartitions(inputs: readonly PlanNode[], shapes: readonly PlanNode[]): readonly PlanNode[] {
  const kept: PlanNode[] = []
  const ofPartitions = new Map<string, { readonly shape: PlanNode; cost: number }>()
  let cost = 0
  for (const [place, shape] of shapes.entries()) {
    if (!isOfPartition(shape)) {
      kept.push(shape)
      continue
    }
    const text = textOf(shape)
    const known = ofPartitions.get(text) ?? { shape, cost: 0 }
    known.cost += inputs[place]!['Total Cost']
    cost += inputs[place]!['Total Cost']
    ofPartitions.set(text, known)
  }
  const heavy = [...ofPartitions].filter(([, { cost: own }]) => own >= cost * LEAST_SHARE)
  return [...kept, ...heavy.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { shape }]) => shape)]
}

function isOfPartition(shape: PlanNode): boolean {
  return shape['Relation Name']?.endsWith('*') === true || (shape.Plans ?? []).some(isOfPartition)
}

/** `events_2026_01` as `events_3` below an append, or as `events` or `e` where it is the only one left: `events*`. */
function relationName(node: PlanNode, isInAppend: boolean): string | null {
  const [name, alias] = [node['Relation Name'], node.Alias]
  if (name === undefined) return null
  if (alias === undefined || alias === name) return name
  const [, stem] = /^(.+)_\d+$/.exec(alias) ?? []
  if (isInAppend && stem !== undefined && stem !== name) return `${partitionedName(name) ?? stem}*`
  const whole = partitionedName(name)
  return whole === null ? name : `${whole}*`
}

/** What remains of a name that ends as names of partitions do: `_2026_01`, `_p3`, `_20260131`, `_default`. */
function partitionedName(name: string): string | null {
  const stem = name.replace(/(?:_(?:p|y|m|w|d|q|part|y\d+m)?_?\d+)+$|_default$/i, '')
  return stem === name || stem === '' ? null : stem
}

function indexOfPartition(index: string, relation: string, whole: string): string {
  return index.startsWith(relation) ? `${whole}${index.slice(relation.length)}` : index.replace(/\d+/g, '#')
}

/** Relations that a plan reads in several places, where only the alias tells which is which. */
function namesTwice(plan: PlanNode): ReadonlySet<string> {
  const aliases = new Map<string, Set<string>>()
  const visit = (node: PlanNode, isInAppend: boolean): void => {
    const name = relationName(node, isInAppend)
    if (name !== null) {
      const known = aliases.get(name) ?? new Set()
      aliases.set(name, known.add(String(node.Alias).replace(/_\d+$/, '')))
    }
    const isAppend = node['Node Type'].endsWith('Append')
    for (const input of node.Plans ?? []) visit(input, isInAppend || isAppend)
  }
  visit(plan, false)
  return new Set([...aliases].filter(([, known]) => known.size > 1).map(([name]) => name))
}

function fieldValue(field: string, value: unknown): unknown {
  if (value === undefined || value === null || value === false) return null
  if (typeof value === 'string') {
    if (COMMON.has(value)) return null
    // what 17 no longer says: `InitPlan 1 (returns $0)`
    return field === 'Subplan Name' ? value.replace(/ \(returns .*\)$/, '') : value
  }
  return Array.isArray(value) ? value.map((key) => keyText(String(key))) : value
}

/** A sort or group key without its table (which only VERBOSE always says) and without values. */
function keyText(key: string): string {
  return key
    .replace(/'(?:[^']|'')*'/g, '?')
    .replace(/(?:"(?:[^"]|"")+"|\b[a-z_][\w$]*)\.(?=["a-z_])/gi, '')
    .replace(/(?<![\w$.])\d+(?:\.\d+)?(?![\w.])/g, '?')
}

function textOf(node: PlanNode): string {
  const words = KEPT_FIELDS.filter(
    (field) => field !== 'Node Type' && field !== 'Relation Name' && field !== 'Index Name',
  )
    .filter((field) => node[field] !== undefined)
    .map((field) => (node[field] === true ? field : `${node[field]}`))
  const details = words.length === 0 ? '' : ` [${words.join(', ')}]`
  const alias = node.Alias === undefined ? '' : ` ${node.Alias}`
  const on = node['Relation Name'] === undefined ? '' : ` on ${node['Relation Name']}${alias}`
  const using = node['Index Name'] === undefined ? '' : ` using ${node['Index Name']}`
  const inputs = node.Plans === undefined ? '' : `(${node.Plans.map(textOf).join('; ')})`
  return `${node['Node Type']}${details}${on}${using}${inputs}`
}
