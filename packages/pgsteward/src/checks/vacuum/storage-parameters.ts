// A table's own autovacuum settings: what holds for it now, and the remedy that sets some and puts back exactly what was there.

import { type SettingRow, settingNamed } from '../../facts/settings.ts'
import type { TableRow } from '../../facts/tables.ts'
import type { Remedy } from '../../model/finding.ts'
import { qualified } from '../../sql/quote.ts'

/** The table's own value, else the server's; null: neither is known. In PostgreSQL's own unit. */
export function parameterOf(table: TableRow, settings: readonly SettingRow[], name: string): number | null {
  const value = ownParameter(table, name) ?? settingNamed(settings, name)?.value
  return value === undefined || !Number.isFinite(Number(value)) ? null : Number(value)
}

/** As it was written, `autovacuum_vacuum_scale_factor=0.10` included. */
function ownParameter({ options }: TableRow, name: string): string | undefined {
  return options.find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1)
}

export function setParameters(
  table: TableRow,
  values: Readonly<Record<string, number>>,
  caution: string,
): Remedy {
  const alter = `alter table ${qualified(table.schema, table.name)}`
  const names = Object.keys(values)
  const had = names.flatMap((name) => {
    const value = ownParameter(table, name)
    return value === undefined ? [] : [`${name} = ${value}`]
  })
  const hadNot = names.filter((name) => ownParameter(table, name) === undefined)
  return {
    sql: [`${alter} set (${names.map((name) => `${name} = ${values[name]}`).join(', ')})`],
    undo: [
      ...(had.length === 0 ? [] : [`${alter} set (${had.join(', ')})`]),
      ...(hadNot.length === 0 ? [] : [`${alter} reset (${hadNot.join(', ')})`]),
    ],
    lock: 'share update exclusive',
    caution,
  }
}
