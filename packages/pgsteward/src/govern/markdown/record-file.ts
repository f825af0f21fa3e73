// A record as a Markdown file for git: readable from the top, lossless below. Each entry has its words and the whole of it as JSON; only
// the JSON is read back. Text of people stands behind `>` or is escaped, so no line of it can be taken for ours; in JSON it holds no line
// break, so it can't end its fence.

import { type GovernanceRecord, RECORD_PREFIX, type RecordEntry, recordName } from '../../model/governance.ts'
import { entryWords, summaryOf } from '../record-words.ts'
import { momentWords } from '../teller.ts'

/** Behind the three backticks: which fences are read back. */
export const RECORD_FENCE = 'json pgsteward-record'
export const ENTRY_FENCE = 'json pgsteward-entry'

export function recordFile(kept: GovernanceRecord): string {
  // the store gives keys back in an order of its own; words must not follow it
  const record = {
    ...kept,
    entries: kept.entries.map((entry) => ({ ...entry, body: ordered(entry.body) as RecordEntry['body'] })),
  }
  const { kind, number, targetId, origin, entries } = record
  const { title, state, facts } = summaryOf(record)
  const lines = [
    `# ${recordName(record)}: ${inline(title)}`,
    '',
    `**${inline(state)}**`,
    '',
    ...(facts.length === 0
      ? []
      : [
          '| | |',
          '| --- | --- |',
          ...facts.map(([label, value]) => `| ${inline(label)} | ${inline(value)} |`),
          '',
        ]),
    'Below each entry stands all of it; words above the fences are not read back.',
    '',
    ...fenced(RECORD_FENCE, { kind, number, targetId, origin, entries: entries.length }),
    ...entries.flatMap((entry) => entryLines(record, entry)),
  ]
  return `${lines.join('\n').trimEnd()}\n`
}

function entryLines({ kind }: GovernanceRecord, entry: RecordEntry): readonly string[] {
  const { seq, at, actor, action, body } = entry
  const [first = action, ...rest] = entryWords(kind, entry)
  return [
    `## ${seq}. ${momentWords(at)}, ${inline(actor)}`,
    '',
    ...quoted(first),
    ...rest.flatMap((text) => ['>', ...quoted(text)]),
    '',
    ...fenced(ENTRY_FENCE, { seq, at: at.toISOString(), actor, action, body }),
  ]
}

/** Keys in one order, whatever order the store gives them in: git sees what changed and nothing else. */
function fenced(info: string, value: unknown): readonly string[] {
  return [`\`\`\`${info}`, JSON.stringify(ordered(value), null, 2), '```', '']
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (value === null || typeof value !== 'object') return value
  // a null prototype: the key __proto__ is a key like others
  const sorted = Object.create(null) as Record<string, unknown>
  for (const [key, each] of Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)))
    sorted[key] = ordered(each)
  return sorted
}

function quoted(text: string): readonly string[] {
  return text.split(LINE_BREAK).map((each) => (each.trim() === '' ? '>' : `> ${each}`))
}

/** Whatever an editor or git may take for the end of a line. */
const LINE_BREAK = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/

/** One line that Markdown shows as it is. */
function inline(text: string): string {
  return text
    .replace(/[\s\u0085]+/g, ' ')
    .trim()
    .replace(/[\\`*_[\]<>|~#]/g, '\\$&')
}

/** A folder a kind: `changes/CHG-0012-new-index.md`. The number has four digits, so that names sort as numbers do. */
export function recordPath(record: GovernanceRecord): string {
  const slug = summaryOf(record)
    .title.normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '')
  return `${folderOf(record.kind)}/${recordStem(record)}${slug === '' ? '' : `-${slug}`}.md`
}

/** With which the file's name begins, however the record is called by now. */
export function recordStem({ kind, number }: Pick<GovernanceRecord, 'kind' | 'number'>): string {
  return `${RECORD_PREFIX[kind]}-${String(number).padStart(4, '0')}`
}

export function folderOf(kind: GovernanceRecord['kind']): string {
  return `${kind}s`
}
