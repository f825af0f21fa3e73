// Declared indexes against those that are there: found by name, or an equal one by another name.

import { type FoundIndex, UNUSED, type UndeclaredIndex, type VerifiedIndex } from '../model/verify.ts'
import type { DeclaredIndex } from '../prisma/declared-index.ts'
import { definitionText } from '../sql/index-definition.ts'
import { qualified } from '../sql/quote.ts'
import { unlike } from '../sql/same-index.ts'
import type { ActualIndex, ActualIndexes } from './read-actual-indexes.ts'

/** Prisma's own record of what was applied. */
const OWN_TABLES = new Set(['_prisma_migrations'])

export interface Compared {
  readonly indexes: readonly VerifiedIndex[]
  /** In the same order; null: not there, or another by that name. */
  readonly actual: readonly (ActualIndex | null)[]
  readonly undeclared: readonly UndeclaredIndex[]
}

/** `preferred`: schemas to look in first for a table whose schema is not named. */
export function compareIndexes(
  declared: readonly DeclaredIndex[],
  actual: ActualIndexes,
  preferred: readonly string[],
): Compared {
  const taken = new Set<ActualIndex>()
  const path = [...preferred, ...actual.searchPath, 'public']
  const placed = declared.map((index) => ({ index, schema: schemaOf(index, actual, path) }))
  // names first: an equal index of another name may be another declaration's own
  const byName = new Map<DeclaredIndex, ActualIndex>()
  for (const { index, schema } of placed) {
    const found = actual.indexes.find(({ row }) => row.schema === schema && row.name === index.name)
    if (found === undefined) continue
    byName.set(index, found)
    taken.add(found)
  }
  const pairs = placed.map(({ index, schema }): readonly [VerifiedIndex, ActualIndex | null] => {
    const named = byName.get(index)
    if (named !== undefined && named.row.table === index.table && difference(index, named) === null)
      return [verifiedOf(index, schema, named, null), named]
    const equal = actual.indexes.find(
      (each) =>
        each !== named &&
        each.row.schema === schema &&
        each.row.table === index.table &&
        each.definition !== null &&
        difference(index, each) === null,
    )
    if (equal !== undefined) {
      taken.add(equal)
      return [verifiedOf(index, schema, equal, `under the name ${equal.row.name}`), equal]
    }
    if (named !== undefined)
      return [verifiedOf(index, schema, named, differenceWords(index, named), 'different'), null]
    const because =
      schema === null
        ? `the table ${index.schema === null ? index.table : `${index.schema}.${index.table}`} does not exist`
        : `no index of ${schema}.${index.table} has this name or these keys`
    return [verifiedOf(index, schema, null, because, 'missing'), null]
  })
  const tables = new Set(placed.map(({ index, schema }) => `${schema}.${index.table}`))
  const undeclared = actual.indexes
    .filter(
      (each) =>
        !taken.has(each) &&
        !each.row.isPartOfPartitioned &&
        !OWN_TABLES.has(each.row.table) &&
        each.row.extension === null,
    )
    .sort(
      (a, b) =>
        Number(tables.has(`${b.row.schema}.${b.row.table}`)) -
        Number(tables.has(`${a.row.schema}.${a.row.table}`)),
    )
    .map(undeclaredOf)
  return { indexes: pairs.map(([index]) => index), actual: pairs.map(([, found]) => found), undeclared }
}

/** Null: there is no such table. */
function schemaOf(
  { schema, table }: DeclaredIndex,
  { tables }: ActualIndexes,
  path: readonly string[],
): string | null {
  if (schema !== null) return tables.has(`${schema}.${table}`) ? schema : null
  const found = path.find((each) => tables.has(`${each}.${table}`))
  if (found !== undefined) return found
  const anywhere = [...tables].filter((each) => each.endsWith(`.${table}`))
  return anywhere.length === 1 ? anywhere[0]!.slice(0, -table.length - 1) : null
}

function difference(index: DeclaredIndex, { definition }: ActualIndex) {
  // what can't be read can't be found different
  return definition === null ? null : unlike(index, definition)
}

function differenceWords(index: DeclaredIndex, found: ActualIndex): string {
  if (found.row.table !== index.table) return `that name belongs to an index of ${found.row.table}`
  const { part, declared, actual } = difference(index, found)!
  return `${part} differ${/s$/.test(part) && part !== 'uniqueness' ? '' : 's'}: declared ${declared}, found ${actual}`
}

function verifiedOf(
  index: DeclaredIndex,
  schema: string | null,
  found: ActualIndex | null,
  because: string | null,
  status?: VerifiedIndex['status'],
): VerifiedIndex {
  const problem = status !== undefined || found === null ? null : problemOf(index, found)
  return {
    schema: schema ?? index.schema,
    table: index.table,
    name: index.name,
    definition: definitionText(index),
    isUnique: index.isUnique,
    constraint: index.constraint,
    declaredIn: index.declaredIn,
    status: status ?? problem?.status ?? 'ok',
    because: [because, problem?.because].filter((each) => each != null).join('; ') || null,
    found: found === null ? null : foundOf(found),
    usedBy: [],
  }
}

function problemOf(
  index: DeclaredIndex,
  { row, scans }: ActualIndex,
): { readonly status: VerifiedIndex['status']; readonly because: string } | null {
  if (!row.isValid)
    return {
      status: 'invalid',
      because: row.isBeingBuilt
        ? 'it is being built right now'
        : row.hasStorage
          ? `its build failed: drop index concurrently ${qualified(row.schema, row.name)}, then create it again`
          : 'not every partition has it yet',
    }
  // an index that enforces something earns its keep without scans
  if (scans > 0 || index.isUnique || index.constraint !== null) return null
  return { status: 'unused', because: UNUSED }
}

function foundOf({
  row,
  scans,
  lastScanAt,
  sizeBytes,
  partitions,
  bloatRatio,
  definition,
}: ActualIndex): FoundIndex {
  return {
    schema: row.schema,
    name: row.name,
    definition: definition === null ? row.definition : definitionText(definition),
    isValid: row.isValid,
    isBeingBuilt: row.isBeingBuilt,
    sizeBytes,
    scans,
    lastScanAt: lastScanAt?.toISOString() ?? null,
    partitions,
    bloatRatio,
  }
}

function undeclaredOf({ row, definition, scans, sizeBytes }: ActualIndex): UndeclaredIndex {
  return {
    schema: row.schema,
    table: row.table,
    name: row.name,
    definition: definition === null ? row.definition : definitionText(definition),
    isValid: row.isValid,
    isConstraint: row.constraintDefinition !== null || row.isPrimary,
    sizeBytes,
    scans,
  }
}
