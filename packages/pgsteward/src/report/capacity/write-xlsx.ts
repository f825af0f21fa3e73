// A workbook as the bytes of an xlsx file. The only file that knows the library, which is loaded when it is asked for.

import type { CellStyle } from 'hucre/xlsx'
import type { Cell, CellFormat, Highlight, Sheet } from './cell.ts'

const NUMBER_FORMATS: Readonly<Record<CellFormat, string>> = {
  number: '#,##0.00',
  whole: '#,##0',
  ratio: '0.0%',
  date: 'yyyy-mm-dd',
}
const COLOURS = { warning: 'FFE08A', critical: 'F4A6A0' } as const
const LOOKS: Readonly<Record<NonNullable<Cell['look']>, CellStyle>> = {
  title: { font: { bold: true, size: 14 } },
  heading: { font: { bold: true }, alignment: { wrapText: true, vertical: 'top' } },
  input: { fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: 'FFF7CC' } } },
}

export async function writeXlsx(sheets: readonly Sheet[]): Promise<Uint8Array> {
  const { writeXlsx: write } = await import('hucre/xlsx')
  return write({
    properties: { creator: 'pgsteward' },
    sheets: sheets.map(({ name, rows, widths, frozen, highlights = [] }) => ({
      name,
      rows: rows.map((row) => row.map(({ value }) => value)),
      columns: widths.map((width) => ({ width })),
      cells: new Map(
        rows.flatMap((row, at) => row.map((cell, column) => [`${at},${column}`, cellOf(cell)] as const)),
      ),
      freezePane: { rows: frozen, columns: 1 },
      conditionalRules: highlights.map(ruleOf),
    })),
  })
}

function cellOf({ value, formula, format, look }: Cell) {
  const style: CellStyle = {
    ...(look === undefined ? {} : LOOKS[look]),
    ...(format === undefined ? {} : { numFmt: NUMBER_FORMATS[format] }),
  }
  return {
    value,
    style,
    ...(formula === undefined ? {} : { type: 'formula' as const, formula, formulaResult: value }),
  }
}

function ruleOf({ range, formula, colour }: Highlight, number: number) {
  return {
    type: 'expression' as const,
    priority: number + 1,
    range,
    formula,
    style: {
      // a rule's fill is its background, not its foreground as a cell's
      fill: { type: 'pattern' as const, pattern: 'solid' as const, bgColor: { rgb: COLOURS[colour] } },
    },
  }
}
