// A runbook filled with what a finding says: its names and numbers where the page leaves them open, quoted for where they stand.

import { type Evidence, type Subject, subjectLabel } from '../../model/finding.ts'
import type { OpenFinding } from '../../model/open-finding.ts'
import { formatValue } from '../../report/format.ts'
import { ident, literal, qualified } from '../../sql/quote.ts'

type Told = Pick<OpenFinding, 'key' | 'subject' | 'evidence' | 'remedy'>

/** `{{name|otherwise}}`; the words after the bar are read where no finding is given or it does not tell. */
const PLACEHOLDER = /\{\{([a-zA-Z.]+)(?::([^|}]*))?(?:\|([^}]*))?\}\}/g
/** Those that may stand within a block of code: a number, or quoted for SQL or a shell. */
const IN_CODE = /^(?:pid|queryId|table|[a-z]+\.(?:ident|literal|shell))$/

/** Markdown. Null: the page as it reads without one. Never puts an unquoted value into a block of code. */
export function fillRunbook(page: string, finding: Told | null): string {
  return page
    .split(/^(```[\s\S]*?^```$)/m)
    .map((part) => {
      const isCode = part.startsWith('```')
      return part.replace(PLACEHOLDER, (_, name: string, label: string | undefined, otherwise = '') => {
        if (finding === null || (isCode && !IN_CODE.test(name))) return otherwise
        return filled(name, label, finding) ?? otherwise
      })
    })
    .join('')
}

function filled(name: string, label: string | undefined, finding: Told): string | null {
  const { subject, evidence, remedy, key } = finding
  const own = 'name' in subject ? subject.name : null
  switch (name) {
    case 'pid':
      return subject.kind === 'backend' ? (/^\d+(?=@|$)/.exec(subject.name)?.[0] ?? null) : null
    case 'queryId':
      return subject.kind === 'query' && /^-?\d+$/.test(subject.queryId) ? subject.queryId : null
    case 'table':
      return relationOf(subject)
    case 'table.literal': {
      const relation = relationOf(subject)
      return relation === null ? null : literal(relation).trim()
    }
    case 'name':
      return inline(subjectLabel(subject))
    case 'name.ident':
      return own === null ? null : ident(own)
    case 'name.literal':
      return own === null ? null : literal(own).trim()
    case 'application':
      return 'application' in subject ? inline(subject.application) : null
    case 'evidence': {
      const found = evidenceOf(evidence, label)
      return found === null ? null : inline(formatValue(found.value, found.unit))
    }
    case 'evidence.literal': {
      const found = evidenceOf(evidence, label)
      return found === null ? null : literal(String(found.value)).trim()
    }
    case 'key.shell':
      return `'${key.replaceAll("'", "'\\''")}'`
    case 'remedy':
      return remedy === undefined ? null : remedyBlock(remedy)
    default:
      return null
  }
}

function relationOf(subject: Subject): string | null {
  return subject.kind === 'table' || subject.kind === 'index' || subject.kind === 'sequence'
    ? qualified(subject.schema, subject.name)
    : null
}

function evidenceOf(evidence: readonly Evidence[], label: string | undefined): Evidence | null {
  return evidence.find((each) => each.label === label) ?? null
}

function remedyBlock({ sql, undo, caution }: NonNullable<Told['remedy']>): string {
  return [
    '```sql',
    ...sql.map((each) => `${each};`),
    '```',
    ...(caution === '' ? [] : ['', inline(caution)]),
    ...(undo === null ? [] : ['', 'Undone by:', '', '```sql', ...undo.map((each) => `${each};`), '```']),
  ].join('\n')
}

/** Text of a target within a line of Markdown: it neither ends the line nor opens anything. */
function inline(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return /[`*_[\]<>|\\]/.test(line) ? `\`${line.replaceAll('`', "'")}\`` : line
}
