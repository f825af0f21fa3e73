// The daily digest as a mail: what is new first, then what stands, then what is over.

import type { Severity } from '../model/finding.ts'
import { escapeXml } from '../report/escape-xml.ts'
import { formatDuration } from '../report/format.ts'
import { clip } from './clip.ts'
import type { Digest, DigestLine, TargetDigest } from './digest.ts'
import { type EmailContent, messageId, oneLine } from './smtp.ts'

const SUBJECT_MOST = 150
/** A mail of hundreds of lines is read by nobody; the dashboard has the rest. */
const LINES_MOST = 25
const SUMMARY_MOST = 300

/** A repetition has the same Message-ID, so that most mailboxes keep one of the two. */
export function digestEmail(digest: Digest, channel: string, from: string): EmailContent {
  const sections = digest.targets.map((target) => sectionsOf(target, digest.window.to))
  const trouble = digest.undelivered.map(
    ({ channel: name, alerts }) => `${alerts} ${alerts === 1 ? 'alert waits' : 'alerts wait'} for ${name}`,
  )
  return {
    subject: clip(oneLine(`[pgsteward] ${headlineOf(digest)}`), SUBJECT_MOST),
    text: asText(digest, sections, trouble),
    html: asHtml(digest, sections, trouble),
    messageId: messageId(`digest-${channel}-${digest.day}`, from),
  }
}

function headlineOf({ targets }: Digest): string {
  const standing = targets.flatMap((target) => [...target.new, ...target.standing])
  const count = (severity: Severity) => standing.filter((line) => line.severity === severity).length
  const [critical, warning] = [count('critical'), count('warning')]
  const stands = [
    ...(critical > 0 ? [`${critical} critical`] : []),
    ...(warning > 0 ? [`${warning} ${warning === 1 ? 'warning' : 'warnings'}`] : []),
  ]
  const news = targets.reduce((sum, target) => sum + target.new.length, 0)
  const over = targets.reduce((sum, target) => sum + target.over.length, 0)
  return [
    stands.length === 0 ? 'Nothing to act on' : stands.join(', '),
    `${news} new and ${over} over since yesterday`,
  ].join('; ')
}

interface Section {
  readonly title: string
  readonly lines: readonly (DigestLine & { readonly spell: string })[]
  readonly left: number
}

interface TargetSections {
  readonly targetId: string
  readonly sections: readonly Section[]
  readonly notes: number
}

function sectionsOf(target: TargetDigest, now: Date): TargetSections {
  const section = (title: string, lines: readonly DigestLine[]): readonly Section[] =>
    lines.length === 0
      ? []
      : [
          {
            title,
            lines: lines.slice(0, LINES_MOST).map((line) => ({ ...line, spell: spellOf(line, now) })),
            left: Math.max(0, lines.length - LINES_MOST),
          },
        ]
  return {
    targetId: target.targetId,
    notes: target.notes,
    sections: [
      ...section('New', target.new),
      ...section('Stands', target.standing),
      ...section('Over', target.over),
    ],
  }
}

function spellOf({ openedAt, resolvedAt }: DigestLine, now: Date): string {
  const spell = formatDuration(Math.max(0, (resolvedAt ?? now).getTime() - openedAt.getTime()))
  return resolvedAt === null ? `for ${spell}` : `lasted ${spell}`
}

function notesWord(notes: number): string {
  return `and ${notes} ${notes === 1 ? 'note that stands' : 'notes that stand'}`
}

const QUIET = 'Nothing stands, and nothing happened since yesterday.'

function asText(
  { dashboardUrl }: Digest,
  targets: readonly TargetSections[],
  trouble: readonly string[],
): string {
  return [
    ...trouble,
    ...targets.flatMap(({ targetId, sections, notes }) => [
      '',
      targetId,
      ...sections.flatMap(({ title, lines, left }) => [
        `  ${title}`,
        ...lines.map(
          ({ severity, summary, spell }) =>
            `    ${severity.padEnd(8)} ${clip(summary, SUMMARY_MOST)} (${spell})`,
        ),
        ...(left === 0 ? [] : [`    and ${left} more`]),
      ]),
      ...(sections.length === 0 ? [`  ${QUIET}`] : []),
      ...(notes === 0 ? [] : [`  ${notesWord(notes)}`]),
    ]),
    ...(dashboardUrl === null ? [] : ['', dashboardUrl]),
    '',
  ].join('\n')
}

/** By style attributes: mail programs drop style sheets. */
const TONES: Readonly<Record<Severity, string>> = { critical: '#c0341d', warning: '#b26a00', info: '#5b6573' }

function asHtml(digest: Digest, targets: readonly TargetSections[], trouble: readonly string[]): string {
  const { dashboardUrl } = digest
  const link = dashboardUrl === null ? '' : `<p><a href="${escapeXml(dashboardUrl)}">Open pgsteward</a></p>`
  const warnings = trouble
    .map((each) => `<p style="margin:0;color:${TONES.critical}">${escapeXml(each)}</p>`)
    .join('')
  return `<!doctype html><html lang="en"><head><meta name="color-scheme" content="light dark"></head><body style="font:14px/1.5 system-ui,sans-serif;margin:0;padding:16px"><p style="margin:0 0 12px;font-weight:600">${escapeXml(headlineOf(digest))}</p>${warnings}${targets.map(targetHtml).join('')}${link}</body></html>`
}

function targetHtml({ targetId, sections, notes }: TargetSections): string {
  const parts = sections.map(({ title, lines, left }) => {
    const rows = lines.map(lineHtml).join('')
    const more = left === 0 ? '' : `<p style="margin:0;opacity:.7">and ${left} more</p>`
    return `<p style="margin:8px 0 0;opacity:.7">${title}</p><table style="border-collapse:collapse">${rows}</table>${more}`
  })
  const quiet = parts.length === 0 ? `<p style="margin:0;opacity:.7">${QUIET}</p>` : ''
  const rest = notes === 0 ? '' : `<p style="margin:4px 0 0;opacity:.7">${notesWord(notes)}</p>`
  return `<section style="margin:0 0 20px"><h2 style="font-size:16px;margin:12px 0 0">${escapeXml(targetId)}</h2>${parts.join('')}${quiet}${rest}</section>`
}

function lineHtml({ severity, summary, spell, link }: Section['lines'][number]): string {
  const text = escapeXml(clip(summary, SUMMARY_MOST))
  const linked = link === null ? text : `<a href="${escapeXml(link)}" style="color:inherit">${text}</a>`
  return `<tr><td style="padding:2px 12px 2px 0;vertical-align:top;color:${TONES[severity]}">${severity}</td><td style="padding:2px 12px 2px 0">${linked}</td><td style="padding:2px 0;vertical-align:top;white-space:nowrap;opacity:.7">${escapeXml(spell)}</td></tr>`
}
