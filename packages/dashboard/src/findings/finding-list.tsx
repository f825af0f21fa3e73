// Findings as rows: how grave, what, the figures that prove it, since when.

import type { FindingWire } from 'pgsteward/wire'
import type { ReactNode } from 'react'
import { formatValue } from '../format.ts'
import { Link } from '../link.tsx'
import { Moment } from '../moment.tsx'
import { Sql } from '../text/sql-text.tsx'
import { oneLine } from '../text/sql-tokens.ts'
import { statementOf } from './evidence.tsx'
import { SeverityBadge, StateBadge } from './severity.tsx'
import { whereWords } from './subject-words.ts'

/** The first evidence is the strongest; more than two make a row unreadable. */
const EVIDENCE_SHOWN = 2

export function FindingList(props: { readonly findings: readonly FindingWire[] }): ReactNode {
  return (
    <ul className="finding-list">
      {props.findings.map((finding) => (
        <li key={finding.key}>
          <Link to={{ page: 'finding', key: finding.key }} row>
            <SeverityBadge severity={finding.severity} />
            <span className="finding-what">
              <span className="finding-summary">{finding.summary}</span>
              {statementOf(finding) === null ? null : (
                <code className="finding-sql">
                  <Sql sql={oneLine(statementOf(finding) ?? '', 200)} />
                </code>
              )}
              <span className="finding-more muted">
                {finding.evidence.slice(0, EVIDENCE_SHOWN).map(({ label, value, unit }) => (
                  <span key={label}>
                    {label} <b>{formatValue(value, unit)}</b>
                  </span>
                ))}
              </span>
            </span>
            <span className="finding-where muted from-900">{whereWords(finding)}</span>
            <span className="finding-since muted">
              <StateBadge state={finding.state} />
              <Moment
                at={
                  finding.state === 'resolved'
                    ? finding.resolvedAt
                    : (finding.openedAt ?? finding.firstSeenAt)
                }
              />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
