// What sampling of parameters must know of tables, from a statistics file: plan-check and review have no session to read it by.

import type { ColumnFigures, Surroundings } from '../../advise/surroundings.ts'
import type { StatisticsFile, TableStatistics } from '../../twin/statistics/statistics-file.ts'

/** Without indexes and foreign keys: values come from columns alone. */
export function surroundingsOfStatistics(file: StatisticsFile): Surroundings {
  return {
    tables: file.tables.map((table) => ({
      schema: table.schema,
      name: table.name,
      rows: Math.max(0, table.rows),
      sizeBytes: table.blocks * 8192,
      allVisibleShare: table.pages > 0 ? Math.min(1, table.allVisiblePages / table.pages) : 0,
      columns: columnsOf(table),
      primaryKey: table.indexes
        .filter(({ isPrimary }) => isPrimary)
        .flatMap(({ keys }) => keys.flatMap(({ column }) => column ?? [])),
      modifiedShare: 0,
      hotShare: null,
      viewSql: null,
    })),
    indexes: [],
    foreignKeys: [],
    extensions: new Map(file.extensions.map(({ name, schema }) => [name, schema])),
    searchPath: (file.settings.search_path ?? 'public')
      .split(',')
      .map((each) => each.trim().replace(/^"(.*)"$/, '$1'))
      .filter((each) => each !== '$user'),
    withoutStatistics: [],
    randomPageCost: Number(file.settings.random_page_cost ?? 4),
  }
}

function columnsOf(table: TableStatistics): readonly ColumnFigures[] {
  const rows = Math.max(0, table.rows)
  return table.columns.map(({ name, number, type }) => {
    const figures = table.statistics.find(
      (each) => each.number === number && each.inherited === (table.kind === 'partitioned'),
    )
    const distinct = figures?.distinct ?? null
    return {
      name,
      type,
      isByteOrdered: false,
      averageWidth: figures?.averageWidth ?? 16,
      nullShare: figures?.nullFraction ?? 0,
      distinct: distinct === null ? null : distinct < 0 ? -distinct * rows : distinct,
      mostCommon: (figures?.mostCommonValues ?? []).map((value, place) => ({
        value,
        share: figures?.mostCommonFrequencies?.[place] ?? 0,
      })),
      histogram: figures?.histogram ?? [],
      correlation: figures?.correlation ?? 0,
    }
  })
}
