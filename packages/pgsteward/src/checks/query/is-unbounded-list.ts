// Whether a statement is a list that nothing ends: such belong to unbounded-list, other long answers to many-rows-statement.

import type { StatementTraits } from '../../sql/parse/statement-traits.ts'

/** A SELECT of rows of tables, neither grouped nor limited. False as well where the text is not known. */
export function isUnboundedList(traits: StatementTraits | null): boolean {
  return (
    traits !== null &&
    traits.kind === 'select' &&
    traits.output !== null &&
    traits.tables.length > 0 &&
    !traits.hasLimit
  )
}
