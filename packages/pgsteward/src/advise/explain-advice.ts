// The evidence for each advised index: which statements it serves, what they cost before and after, and what it costs in turn.

import type { AdvisedIndex, ServedStatement } from '../model/advice.ts'
import type { PlanNode } from '../model/what-if.ts'
import { ident, qualified } from '../sql/quote.ts'
import type { Advice } from './advise.ts'
import type { Answer, CostBook, IndexSet, KnownDesign } from './cost-book.ts'
import { createSql, definitionOf, nameFor, sketchOf } from './index-design.ts'
import type { Surroundings } from './surroundings.ts'
import type { WriteCost } from './write-cost.ts'

/** More of them would not convince anybody further. */
const MOST_STATEMENTS = 20

type Explained = Pick<Advice, 'indexes' | 'cost' | 'sizeBytes' | 'statements'>

export async function explainAdvice(
  book: CostBook,
  set: IndexSet,
  surroundings: Surroundings,
  writesOf: (set: IndexSet) => WriteCost,
): Promise<Explained> {
  const taken = new Set(surroundings.indexes.map(({ name }) => name))
  const indexes: AdvisedIndex[] = []
  for (const member of book.membersOf(set)) {
    const name = nameFor(member.design, taken)
    taken.add(name)
    indexes.push(await explainIndex(member, name, book, set, writesOf))
  }
  const statements: Explained['statements'][number][] = []
  for (const [number, { id, callsPerMinute, valuesFrom, isPlanned }] of book.statements.entries()) {
    if (!isPlanned || book.refused.has(number)) continue
    const costBefore = await book.costOf(number, 0n)
    statements.push({ id, callsPerMinute, costBefore, costAfter: await book.costOf(number, set), valuesFrom })
  }
  const write = writesOf(set)
  return {
    indexes: indexes.sort((a, b) => b.gainPerMinute - a.gainPerMinute),
    cost: {
      beforePerMinute: await book.total(0n),
      afterPerMinute: await book.total(set),
      writePerMinute: write.units,
      walBytesPerMinute: write.walBytesPerMinute,
    },
    sizeBytes: book.sizeOf(set),
    statements,
  }
}

async function explainIndex(
  member: KnownDesign,
  name: string,
  book: CostBook,
  set: IndexSet,
  writesOf: (set: IndexSet) => WriteCost,
): Promise<AdvisedIndex> {
  const { design, bit, sizeBytes } = member
  const without = set & ~bit
  const [with_, rest] = [writesOf(set), writesOf(without)]
  const write = {
    costPerMinute: with_.units - rest.units,
    walBytesPerMinute: with_.walBytesPerMinute - rest.walBytesPerMinute,
    hotLostPerMinute: with_.hotLostPerMinute - rest.hotLostPerMinute,
  }
  const gainPerMinute = (await book.total(without, bit)) - (await book.total(set, bit))
  const whole = design.where === null ? null : await book.know({ ...design, where: null })
  return {
    schema: design.schema,
    table: design.table,
    name,
    sql: createSql(design, { concurrently: true, name }),
    undo: `drop index concurrently ${qualified(design.schema, name)}`,
    definition: definitionOf(design),
    sketch: sketchOf(design),
    sizeBytes,
    wholeSizeBytes: whole?.sizeBytes ?? null,
    statements: await servedBy(member, book, set),
    gainPerMinute,
    write,
    verifiedBy: BY_FORMULA[design.method] === undefined ? 'planner' : 'formula',
    cautions: cautionsOf(member, write.hotLostPerMinute),
  }
}

/** Methods whose pages the planner can't be shown as they would be. */
const BY_FORMULA: Readonly<Partial<Record<KnownDesign['design']['method'], string>>> = {
  gin: "A GIN index's size and cost are estimated by formula, within a factor of two where it was checked: measure it on a copy before relying on them.",
  gist: "A GiST index's size is estimated by formula, and how well it narrows a search depends on how values overlap: measure it on a copy before relying on it.",
  brin: 'A BRIN index serves as long as new rows arrive in the order of its column, and its size is estimated by formula.',
}

function cautionsOf({ design }: KnownDesign, hotLostPerMinute: number): readonly string[] {
  const cautions: string[] = []
  if (hotLostPerMinute > 0)
    cautions.push(
      `${hotLostPerMinute.toFixed(1)} updates a minute stop being heap-only: each then writes to every index of ${ident(design.table)}.`,
    )
  const formula = BY_FORMULA[design.method]
  if (formula !== undefined) cautions.push(formula)
  if (design.where !== null)
    cautions.push(
      'A partial index serves only statements whose text, or whose value at planning time, implies its predicate: a forced generic plan does not.',
    )
  if (design.keys.some(({ on }) => on.column === null))
    cautions.push(
      'An index on an expression has statistics only after the next ANALYZE of the table: run it once built.',
    )
  return cautions
}

async function servedBy(
  member: KnownDesign,
  book: CostBook,
  set: IndexSet,
): Promise<readonly ServedStatement[]> {
  const served: ServedStatement[] = []
  for (const [number, statement] of book.statements.entries()) {
    const answers = await book.answersOf(number, set)
    const using = answers.findIndex(({ used }) => (used & member.bit) !== 0n)
    if (using < 0) continue
    const before = await book.answersOf(number, 0n)
    served.push({
      id: statement.id,
      sql: shortened(statement.sql),
      callsPerMinute: statement.callsPerMinute,
      costBefore: await book.costOf(number, 0n),
      costAfter: await book.costOf(number, set),
      scanBefore: before[using] === undefined ? null : scanOf(before[using].plan, member),
      scanAfter: scanOfIndex(answers[using]!, member, book) ?? 'Index Scan',
      foreignKey: statement.foreignKey,
    })
  }
  const gain = ({ callsPerMinute, costBefore, costAfter }: ServedStatement) =>
    callsPerMinute * (costBefore - costAfter)
  return served.sort((a, b) => gain(b) - gain(a)).slice(0, MOST_STATEMENTS)
}

/** How the table was read: the first scan of it. */
function scanOf(plan: PlanNode, { design }: KnownDesign): string | null {
  if (plan['Relation Name'] === design.table && plan['Node Type'] !== 'ModifyTable') return plan['Node Type']
  for (const child of plan.Plans ?? []) {
    const found = scanOf(child, { design } as KnownDesign)
    if (found !== null) return found
  }
  return null
}

function scanOfIndex({ plan }: Answer, member: KnownDesign, book: CostBook): string | null {
  const visit = (node: PlanNode): string | null => {
    if (node['Index Name'] !== undefined && book.designNamed(node['Index Name']) === member)
      return node['Node Type']
    for (const child of node.Plans ?? []) {
      const found = visit(child)
      if (found !== null) return found
    }
    return null
  }
  return visit(plan)
}

/** One line, as much of it as tells statements apart. */
function shortened(sql: string): string {
  const line = sql.replace(/\s+/g, ' ').trim()
  return line.length <= LONGEST_TEXT ? line : `${line.slice(0, LONGEST_TEXT - 1)}…`
}

const LONGEST_TEXT = 200
