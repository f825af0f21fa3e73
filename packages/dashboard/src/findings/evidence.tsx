// The evidence of a finding: figures with their units, statements as SQL.

import type { EvidenceWire, FindingWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { formatValue } from '../format.ts'
import { Sql } from '../text/sql-text.tsx'

/** Checks put statements under labels that end with the word; some say that they do not know the text. */
function isStatement({ label, value }: EvidenceWire): boolean {
  return (
    typeof value === 'string' &&
    /(^|\s)(statement|query)$/.test(label) &&
    /^\s*\S+\s+\S+/.test(value) &&
    !/not known$/.test(value)
  )
}

/** What the finding is about, where that is a statement whose text is among the evidence. */
export function statementOf(finding: FindingWire): string | null {
  const found = finding.subject.kind === 'query' ? finding.evidence.find(isStatement) : undefined
  return found === undefined ? null : String(found.value)
}

export function EvidenceTable(props: { readonly evidence: readonly EvidenceWire[] }): ReactNode {
  return (
    <table className="evidence">
      <tbody>
        {props.evidence.map((one, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a label may come twice, and the order is the check's
          <tr key={place}>
            <th scope="row">{one.label}</th>
            <td>
              {isStatement(one) ? (
                <code>
                  <Sql sql={String(one.value)} />
                </code>
              ) : (
                formatValue(one.value, one.unit)
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
