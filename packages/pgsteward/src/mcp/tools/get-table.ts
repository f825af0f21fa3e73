// get_table: one table with its indexes, what is found about it and what is advised for it.

import { z } from 'zod'
import { StewardError } from '../../model/error.ts'
import { nearestName } from '../../model/nearest-name.ts'
import { advisedIndexWire, findingWire, indexWire, tableWire } from '../../model/wire.ts'
import { formatBytes } from '../../report/format.ts'
import { targetInput, targetOf } from '../inputs.ts'
import { defineTool } from '../tool.ts'

export const getTable = defineTool({
  name: 'get_table',
  title: 'Get a table',
  description:
    'One table: rows, sizes, vacuum, each index with its scans, findings about it, and advised indexes.',
  scope: 'read',
  isReadOnly: true,
  input: z.strictObject({
    ...targetInput,
    table: z.string().min(1).max(200).describe('Name, or schema.name.'),
  }),
  output: z.object({
    table: tableWire.omit({ advised: true }),
    indexes: z.array(indexWire),
    findings: z.array(findingWire.pick({ key: true, checkId: true, severity: true, summary: true })),
    advised: z.array(advisedIndexWire),
  }),
  async run({ target, table: name }, context) {
    const { views } = context
    const id = targetOf(context, target)
    const [tables, indexes, findings] = await Promise.all([
      views.tables(id),
      views.indexes(id),
      views.findings.list(id, ['open', 'pending', 'muted']),
    ])
    const found = tables.filter((each) => each.name === name || `${each.schema}.${each.name}` === name)
    const [table] = found
    if (table === undefined || found.length > 1) throw notOne(name, found, tables)
    const own = indexes.filter((index) => index.schema === table.schema && index.table === table.name)
    const names = new Set([table.name, ...own.map((index) => index.name)])
    return {
      text: `${table.schema}.${table.name}: ${Math.round(table.rows).toLocaleString('en-US')} rows, ${formatBytes(table.totalBytes)}, ${own.length === 1 ? '1 index' : `${own.length} indexes`}.`,
      data: {
        table,
        indexes: own,
        findings: findings.filter(
          ({ subject }) =>
            ['table', 'index'].includes(subject.kind) &&
            subject.schema === table.schema &&
            names.has(subject.name ?? ''),
        ),
        advised: table.advised ?? [],
      },
    }
  },
})

interface Named {
  readonly schema: string
  readonly name: string
}

function notOne(name: string, found: readonly Named[], all: readonly Named[]): StewardError {
  if (found.length > 1)
    return new StewardError('usage', `several schemas have a table ${name}`, {
      hint: `Give one: ${found.map((each) => `${each.schema}.${each.name}`).join(', ')}.`,
    })
  const nearest = nearestName(
    name,
    all.map((each) => each.name),
  )
  return new StewardError('usage', `no table ${name} is known`, {
    hint: nearest === null ? 'list_tables has those that are.' : `Did you mean ${nearest}?`,
  })
}
