// stats export --redact: statistics without a single value of a row. Names and definitions of the schema stay; its literals (in
// checks, predicates, partition bounds) are part of the schema.

import { ident } from '../../sql/quote.ts'
import { isPlainC } from '../hosts/locale.ts'
import type { ColumnStatistics, ExtendedStatistics, LeftOut, StatisticsFile } from './statistics-file.ts'
import { isHarmless, surrogatesFor } from './surrogates.ts'

/** Columns of types without surrogates lose their values and keep their counts; they are named under leftOut. */
export function redactStatistics(file: StatisticsFile): StatisticsFile {
  if (file.values === 'surrogate') return file
  const enums = new Set(
    file.objects
      .filter((object) => object.kind === 'type' && / as enum \(/.test(object.sql))
      .map((object) => `${ident(object.schema)}.${ident(object.name)}`),
  )
  const leftOut: LeftOut[] = []
  const context = { enums, isByteOrder: isPlainC(file.server) }
  const tables = file.tables.map((table) => {
    const typeOf = new Map(table.columns.map((column) => [column.number, column]))
    return {
      ...table,
      statistics: table.statistics.map((statistics) => {
        const column = typeOf.get(statistics.number)
        const { redacted, isLost } = redactColumn(statistics, column?.type ?? '', context)
        if (isLost)
          leftOut.push({
            kind: 'values',
            name: `${ident(table.schema)}.${ident(table.name)}.${ident(column?.name ?? '')}`,
            because: `there are no surrogates for the type ${column?.type}`,
          })
        return redacted
      }),
      indexes: table.indexes.map((index) => ({
        ...index,
        statistics: index.statistics.map(
          (statistics) =>
            redactColumn(statistics, index.keys[statistics.number - 1]?.type ?? '', context).redacted,
        ),
      })),
    }
  })
  return {
    ...file,
    values: 'surrogate',
    tables,
    extendedStatistics: file.extendedStatistics.map((object) => redactExtended(object)),
    leftOut: [...file.leftOut, ...leftOut],
  }
}

function redactColumn(
  statistics: ColumnStatistics,
  type: string,
  context: { readonly enums: ReadonlySet<string>; readonly isByteOrder: boolean },
): { readonly redacted: ColumnStatistics; readonly isLost: boolean } {
  const { mostCommonValues, histogram, mostCommonElements } = statistics
  const elementType = type === 'tsvector' ? 'text' : type.replace(/\[\]$/, '')
  const values = isHarmless(type, context.enums)
    ? null
    : surrogatesFor(
        type,
        histogram === null ? [] : [...ends(statistics.lowest), ...histogram, ...ends(statistics.highest)],
        mostCommonValues ?? [],
        context.isByteOrder,
      )
  const elements = isHarmless(elementType, context.enums)
    ? null
    : surrogatesFor(elementType, mostCommonElements ?? [], [], context.isByteOrder)
  const keep = isHarmless(type, context.enums)
  const keepElements = isHarmless(elementType, context.enums)
  const replaced = (list: string[] | null, map: ReadonlyMap<string, string> | null, isKept: boolean) =>
    list === null || isKept ? list : map === null ? null : list.map((value) => map.get(value)!)
  const redacted: ColumnStatistics = {
    ...statistics,
    mostCommonValues: replaced(mostCommonValues, values, keep),
    histogram: replaced(histogram, values, keep),
    lowest: replaced(ends(statistics.lowest), values, keep)?.[0] ?? null,
    highest: replaced(ends(statistics.highest), values, keep)?.[0] ?? null,
    mostCommonElements: replaced(mostCommonElements, elements, keepElements),
    rangeLengthHistogram: null,
    rangeBoundsHistogram: null,
    rangeEmptyFraction: null,
  }
  if (redacted.mostCommonValues === null) redacted.mostCommonFrequencies = null
  if (redacted.mostCommonElements === null) redacted.mostCommonElementFrequencies = null
  const had = [mostCommonValues, histogram, mostCommonElements, statistics.rangeBoundsHistogram]
  const has = [redacted.mostCommonValues, redacted.histogram, redacted.mostCommonElements, null]
  return { redacted, isLost: had.some((list, place) => list !== null && has[place] === null) }
}

function ends(end: string | null): string[] {
  return end === null ? [] : [end]
}

/** Combinations of values are dropped: they would tell which values go together. Counts and dependencies are numbers alone. */
function redactExtended(object: ExtendedStatistics): ExtendedStatistics {
  return {
    ...object,
    data: object.data.map((data) => ({ ...data, mostCommon: null, expressions: [] })),
  }
}
