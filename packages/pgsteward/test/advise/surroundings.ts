// Surroundings for unit tests: tables in one line each.

import type {
  ColumnFigures,
  ExistingIndex,
  ForeignKey,
  Surroundings,
  TableFigures,
} from '../../src/advise/surroundings.ts'

export function column(name: string, type: string, over: Partial<ColumnFigures> = {}): ColumnFigures {
  return {
    name,
    type,
    isByteOrdered: false,
    averageWidth: 8,
    nullShare: 0,
    distinct: 1000,
    mostCommon: [],
    histogram: [],
    correlation: 0,
    ...over,
  }
}

export function tableOf(
  name: string,
  columns: readonly ColumnFigures[],
  over: Partial<TableFigures> = {},
): TableFigures {
  return {
    schema: 'public',
    name,
    rows: 100_000,
    sizeBytes: 10 * 1024 ** 2,
    allVisibleShare: 1,
    columns,
    primaryKey: ['id'],
    modifiedShare: 0,
    hotShare: null,
    viewSql: null,
    ...over,
  }
}

export function indexOn(
  table: string,
  keys: readonly string[],
  over: Partial<ExistingIndex> = {},
): ExistingIndex {
  return {
    schema: 'public',
    table,
    name: `${table}_${keys.join('_')}`,
    method: 'btree',
    keys: keys.map((sql) => ({ sql, isDescending: false, areNullsFirst: false, operatorClass: null })),
    include: [],
    where: null,
    isUnique: false,
    isConstraint: false,
    columns: keys,
    sizeBytes: 8192,
    ...over,
  }
}

export function surroundingsOf(
  tables: readonly TableFigures[],
  indexes: readonly ExistingIndex[] = [],
  foreignKeys: readonly ForeignKey[] = [],
): Surroundings {
  return {
    tables,
    indexes,
    foreignKeys,
    extensions: new Map([['pg_trgm', 'public']]),
    searchPath: ['public'],
    withoutStatistics: [],
    randomPageCost: 4,
  }
}
