// Where nobody declares anything, the database's own indexes are the list: each is there, but is it valid, and used?

import type { Declared } from '../prisma/declared-index.ts'
import type { ActualIndexes } from './read-actual-indexes.ts'

export function declaredByDatabase({ indexes }: ActualIndexes): Declared {
  return {
    indexes: indexes.flatMap(({ row, definition }) =>
      definition === null || row.extension !== null || row.isPartOfPartitioned
        ? []
        : [
            {
              ...definition,
              schema: row.schema,
              name: row.name,
              isNamed: true,
              constraint: row.isPrimary
                ? ('primary' as const)
                : row.isExclusion
                  ? ('exclusion' as const)
                  : row.constraintDefinition === null
                    ? null
                    : ('unique' as const),
              declaredIn: [],
            },
          ],
    ),
    problems: [],
  }
}
