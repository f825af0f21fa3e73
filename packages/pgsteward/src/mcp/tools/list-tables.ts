// list_tables: the tables of a target, by size or by what happens to them.

import { z } from 'zod'
import { type TableWire, tableWire } from '../../model/wire.ts'
import { formatBytes } from '../../report/format.ts'
import { counted } from '../counted.ts'
import { pageInput, pageOf, pageOutput, targetInput, targetOf } from '../inputs.ts'
import { defineTool } from '../tool.ts'

const ORDERS: Readonly<Record<string, (table: TableWire) => number>> = {
  size: (table) => table.totalBytes,
  growth: (table) => table.growthBytesPerDay ?? 0,
  dead_tuples: (table) => table.deadTuples,
  sequential_scans: (table) => table.scansPerSecond?.sequential ?? 0,
}

export const listTables = defineTool({
  name: 'list_tables',
  title: 'List tables',
  description:
    'Tables of a target with rows, sizes, growth, dead tuples, vacuum and scans. get_table has one with its indexes.',
  scope: 'read',
  isReadOnly: true,
  input: z.strictObject({
    ...targetInput,
    by: z.enum(Object.keys(ORDERS) as [string, ...string[]]).default('size'),
    search: z.string().max(200).optional().describe('In the name.'),
    ...pageInput,
  }),
  output: z.object({ tables: z.array(tableWire.omit({ advised: true })), ...pageOutput }),
  async run({ target, by, search, limit, cursor }, context) {
    const all = await context.views.tables(targetOf(context, target))
    const wanted = search?.toLowerCase()
    const value = ORDERS[by]!
    const sorted = all
      .filter(({ name }) => wanted === undefined || name.toLowerCase().includes(wanted))
      .sort((one, other) => value(other) - value(one))
    const { items, total, nextCursor } = pageOf(sorted, limit, cursor)
    const [first] = items
    return {
      text:
        first === undefined
          ? 'No table is known: none was read yet (pgsteward watch reads them), or none has such a name.'
          : `${counted(total, 'table')}; first ${first.schema}.${first.name}, ${formatBytes(first.totalBytes)}.`,
      data: { tables: [...items], total, nextCursor },
    }
  },
})
