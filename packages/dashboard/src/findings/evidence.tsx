// The evidence of a finding: figures with their units, statements as SQL.

import type { EvidenceWire, FindingWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { Copied } from '../copied.tsx'
import { formatValue } from '../format.ts'
import { Link } from '../link.tsx'
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

const PLACES: ReadonlySet<string> = new Set(['sent at', 'taken at', 'called at', 'measured at'])

/** What the finding is about, where that is a statement whose text is among the evidence. */
export function statementOf(finding: FindingWire): string | null {
  const found = ['query', 'call-site'].includes(finding.subject.kind)
    ? finding.evidence.find(isStatement)
    : undefined
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
              <Value of={one} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Value(props: { readonly of: EvidenceWire }): ReactNode {
  const { of } = props
  if (isStatement(of))
    return (
      <code>
        <Sql sql={String(of.value)} />
      </code>
    )
  // checks of applications name where to go on: the statement as the server counts it, the place in the source
  if (of.label === 'query id')
    return (
      <span className="sheet-links">
        {String(of.value)
          .split(', ')
          .map((queryId) => (
            <Link key={queryId} to={{ page: 'statement', queryId }}>
              {queryId}
            </Link>
          ))}
      </span>
    )
  if (PLACES.has(of.label)) return <Copied text={String(of.value)} />
  return formatValue(of.value, of.unit)
}
