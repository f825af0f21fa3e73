// A table in which nothing tells one row from another: duplicates creep in, and logical replication can't say which row changed.

import { z } from 'zod'
import { tables } from '../../facts/tables.ts'
import { defineCheck } from '../../model/check.ts'

export const missingPrimaryKey = defineCheck({
  id: 'missing-primary-key',
  area: 'index',
  title: 'Table without a primary key',
  needs: { tables },
  options: z.object({
    minRows: z
      .number()
      .default(1000)
      .describe('Staging tables and one-row settings are smaller, and rarely need a key.'),
  }),
  run({ tables }, { minRows }) {
    return tables
      .filter(
        (table) =>
          (table.kind === 'table' || table.kind === 'partitioned table') &&
          // the partitioned table itself speaks for its partitions
          !table.isPartition &&
          !table.hasPrimaryKey &&
          table.extension === null &&
          table.rows >= minRows,
      )
      .map((table) => {
        const failsUpdates =
          table.isPublishedForChanges &&
          (table.replicaIdentity === 'default' || table.replicaIdentity === 'nothing')
        return {
          subject: {
            kind: 'table' as const,
            database: table.database,
            schema: table.schema,
            name: table.name,
          },
          severity: failsUpdates ? ('warning' as const) : ('info' as const),
          summary: failsUpdates
            ? `Table ${table.name} has no primary key though it is published: its updates and deletes fail`
            : `Table ${table.name} has no primary key`,
          evidence: [
            { label: 'rows', value: table.rows, unit: 'count' as const },
            { label: 'replica identity', value: table.replicaIdentity, unit: 'text' as const },
            { label: 'reported from', value: minRows, unit: 'count' as const },
          ],
          // no remedy: which columns tell rows apart is the application's knowledge
        }
      })
  },
})
