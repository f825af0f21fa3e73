// Existing indexes that others make superfluous. Checked with the planner: hiding one must not make any statement dearer.

import type { RedundantIndex } from '../model/advice.ts'
import { ident, qualified } from '../sql/quote.ts'
import type { CostBook, IndexSet } from './cost-book.ts'
import { definitionOf, plainSql } from './index-design.ts'
import type { ExistingIndex, Surroundings } from './surroundings.ts'

const DEARER = 1.001

export async function redundantIndexes(
  book: CostBook,
  set: IndexSet,
  { indexes }: Surroundings,
): Promise<readonly RedundantIndex[]> {
  const found: RedundantIndex[] = []
  const gone = new Set<string>()
  for (const index of indexes) {
    const { schema, table, name, sizeBytes } = index
    if (index.isUnique || index.isConstraint || index.method !== 'btree') continue
    const because = coveredBy(index, book, set, indexes, gone)
    if (because === null) continue
    const touched = book.statements.flatMap(({ tables }, number) =>
      tables.has(`${schema}.${table}`) ? [number] : [],
    )
    const hidden = qualified(schema, name)
    const before = await book.totalWithout(new Set(), set, touched)
    const after = await book.totalWithout(new Set([hidden]), set, touched)
    if (after > before * DEARER) continue
    gone.add(hidden)
    found.push({
      schema,
      table,
      name,
      sizeBytes,
      because,
      sql: `drop index concurrently ${qualified(schema, name)}`,
    })
  }
  return found
}

/** The index, existing or advised, whose keys start with all of this one's. */
function coveredBy(
  index: ExistingIndex,
  book: CostBook,
  set: IndexSet,
  indexes: readonly ExistingIndex[],
  gone: ReadonlySet<string>,
): string | null {
  const keys = index.keys.map(keyText)
  const covers = (others: readonly string[], include: readonly string[]) =>
    others.length >= keys.length &&
    keys.every((key, place) => others[place] === key) &&
    index.include.every(
      (column) => include.includes(column) || others.some((key) => key.startsWith(`${plainSql(column)} `)),
    )
  for (const other of indexes) {
    if (other === index || other.schema !== index.schema || other.table !== index.table) continue
    if (other.method !== 'btree' || (other.where ?? '') !== (index.where ?? '')) continue
    if (gone.has(qualified(other.schema, other.name))) continue
    const isSame = other.keys.length === keys.length && other.include.length === index.include.length
    if (isSame && !other.isUnique && other.name > index.name) continue
    if (covers(other.keys.map(keyText), other.include))
      return `${ident(other.name)} starts with the same keys`
  }
  for (const { design } of book.membersOf(set)) {
    if (design.schema !== index.schema || design.table !== index.table || design.method !== 'btree') continue
    if (plainSql(design.where?.sql ?? '') !== plainSql(index.where ?? '')) continue
    const others = design.keys.map((key) =>
      keyText({
        sql: key.on.sql,
        isDescending: key.isDescending,
        areNullsFirst: key.areNullsFirst,
        operatorClass: key.operatorClass,
      }),
    )
    if (covers(others, design.include))
      return `the advised index ${definitionOf(design)} starts with the same keys`
  }
  return null
}

function keyText(key: ExistingIndex['keys'][number]): string {
  return `${plainSql(key.sql)} ${key.isDescending} ${key.areNullsFirst} ${key.operatorClass ?? ''}`
}
