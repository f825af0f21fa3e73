// Pieces of a report, with what most of them leave open filled in.

import type { Severity } from '../../model/finding.ts'
import type { ReportBlock, ReportFigure, ReportItem, ReportTable } from '../../model/report.ts'

type Cell = number | string | null
type TableUnit = ReportTable['columns'][number]['unit']

export interface Section {
  readonly id: string
  readonly title: string
  readonly blocks: ReportBlock[]
}

export function section(id: string, title: string, ...blocks: readonly ReportBlock[]): Section {
  return { id, title, blocks: [...blocks] }
}

export function text(words: string): ReportBlock {
  return { is: 'text', text: words }
}

export function figures(...all: readonly ReportFigure[]): ReportBlock {
  return { is: 'figures', figures: [...all] }
}

export function figure(
  label: string,
  value: Cell,
  unit: ReportFigure['unit'],
  more: Partial<Omit<ReportFigure, 'label' | 'value' | 'unit'>> = {},
): ReportFigure {
  return { label, value, unit, was: null, limit: null, judgement: 'neutral', note: null, link: null, ...more }
}

export function list(title: string | null, items: readonly ReportItem[], empty: string): ReportBlock {
  return { is: 'list', title, items: [...items], empty }
}

export function item(
  words: string,
  more: {
    readonly severity?: Severity | null
    readonly detail?: string | null
    readonly link?: string | null
  } = {},
): ReportItem {
  return { text: words, severity: null, detail: null, link: null, ...more }
}

export interface Column<Row> {
  readonly label: string
  readonly unit: TableUnit
  readonly cell: (row: Row) => Cell
}

export function column<Row>(label: string, unit: TableUnit, cell: (row: Row) => Cell): Column<Row> {
  return { label, unit, cell }
}

/** The first `most` rows; how many were left out is said. */
export function table<Row>(
  title: string | null,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  more: {
    readonly empty: string
    readonly link?: (row: Row) => string | null
    readonly most?: number
    /** Known before the rows were read. */
    readonly leftOut?: number
  },
): ReportBlock {
  const { empty, link = () => null, most = 10, leftOut = 0 } = more
  const shown = rows.slice(0, most)
  return {
    is: 'table',
    table: {
      title,
      columns: columns.map(({ label, unit }) => ({ label, unit })),
      rows: shown.map((row) => ({ cells: columns.map(({ cell }) => cell(row)), link: link(row) })),
      empty,
      more: rows.length - shown.length + leftOut,
    },
  }
}
