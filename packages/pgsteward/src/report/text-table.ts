// Columns of a table in plain text: first column and texts to the left, numbers to the right.

import { stripVTControlCharacters } from 'node:util'

export type Align = 'left' | 'right'

/** Lines without trailing blanks; colours count as nothing. */
export function textTable(
  rows: readonly (readonly string[])[],
  aligns: readonly Align[],
  indent = '  ',
): readonly string[] {
  const widths = aligns.map((_, column) => Math.max(0, ...rows.map((row) => width(row[column] ?? ''))))
  return rows.map((row) =>
    `${indent}${aligns
      .map((align, column) => {
        const text = row[column] ?? ''
        const blank = ' '.repeat(widths[column]! - width(text))
        return align === 'left' ? text + blank : blank + text
      })
      .join('  ')}`.trimEnd(),
  )
}

function width(text: string): number {
  return stripVTControlCharacters(text).length
}
