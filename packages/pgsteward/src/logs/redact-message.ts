// What PostgreSQL's messages, details and contexts quote of users' values, taken out. Texts of the catalogue's classes come masked
// already (classify.ts); these are for the others, and for what stands beside a message.

import { scrubText } from '@pgsteward/instrument/scrub'
import { redactStatement } from './redact-statement.ts'

/** Behind these PostgreSQL quotes a name of the schema's or the server's, not a value. */
const NOUNS = new Set(
  `relation table column index constraint function procedure aggregate schema database role user type sequence view extension parameter
   slot server tablespace trigger operator language policy publication subscription cursor portal statement file directory host partition
   collation rule event domain attribute field identity group library process worker origin standby archive command encoding method
   service label tag key object`.split(/\s+/),
)
const PLAIN_NAME = /^[\p{L}\p{N}_$ .:/-]{1,128}$/u

/** Values in double quotes become "?"; names stay. */
export function maskQuoted(text: string): string {
  let open = text.indexOf('"')
  if (open < 0) return text
  let masked = ''
  let copied = 0
  while (open >= 0) {
    const close = text.indexOf('"', open + 1)
    const end = close < 0 ? text.length : close
    const before = /([a-z]+) $/.exec(text.slice(Math.max(0, open - 20), open))?.[1]
    const isName = before !== undefined && NOUNS.has(before) && PLAIN_NAME.test(text.slice(open + 1, end))
    if (!isName) {
      masked += `${text.slice(copied, open)}"?`
      copied = end
    }
    open = close < 0 ? -1 : text.indexOf('"', close + 1)
  }
  return masked + text.slice(copied)
}

const AUDIT = /^AUDIT: (?:[^,]*,){7}/

/** Of a message that no class takes. */
export function redactMessage(message: string): string {
  const audit = message.startsWith('AUDIT: ') ? AUDIT.exec(message)?.[0] : undefined
  if (audit !== undefined) return `${audit}?`
  return scrubText(maskSingleQuoted(maskQuoted(message)))
}

/** `'...'` where it is no apostrophe. */
function maskSingleQuoted(text: string): string {
  return text.includes("'") ? text.replace(/(?<!\w)'[^']*(?:'|$)/g, "'?'") : text
}

const KEY =
  /^(Key \([\s\S]*?\)=\()[\s\S]*?(\)(?: already exists| is not present in table "[^"]*"| is still referenced from table "[^"]*"| is duplicated)?\.)$/
const CONFLICT = /^(Key \([\s\S]*?\)=\()[\s\S]*( conflicts with existing key \([\s\S]*?\)=\()[\s\S]*$/
/** What is written of processes, objects and settings; anything else in a DETAIL may be a row. */
const BOOKKEEPING =
  /^(?:Process(?:es)? (?:holding|waiting)|There (?:are|is) |User was |Connection matched|Role |Last completed transaction|The (?:source|system|server|database)|This |Streaming |Permission |Must |You |Only |Use )/

/** Of a detail or a context; what is longer holds rows or whole scripts, and patterns are tried at every place of it. */
const MAX_LENGTH = 16_384

export function redactDetail(whole: string): string {
  const detail = whole.slice(0, MAX_LENGTH)
  if (detail.startsWith('Key (')) {
    const conflict = CONFLICT.exec(detail)
    if (conflict !== null) return `${conflict[1]}?)${conflict[2]}?).`
    const key = KEY.exec(detail)
    if (key !== null) return `${key[1]}?${key[2]}`
  }
  if (detail.startsWith('Failing row contains ')) return 'Failing row contains (?).'
  if (/^Process \d+ waits for /.test(detail)) return redactDeadlock(detail)
  const prepare = /^prepare: (?:prepare\s[\s\S]*?\sas\s+)?/i.exec(detail)?.[0]
  if (prepare !== undefined) return prepare + redactStatement(detail.slice(prepare.length))
  const masked = maskSingleQuoted(maskQuoted(detail))
  if (BOOKKEEPING.test(detail)) return scrubText(masked)
  // Of values in brackets, and in the quotes of other languages.
  return scrubText(masked.replace(/\([\s\S]*\)/g, '(?)').replace(/[«»„“‚‘][^«»„“”‚‘’]*[«»“”‘’]/g, '"?"'))
}

/** Waits stay as they are; the statements behind `Process 123: ` don't. */
function redactDeadlock(detail: string): string {
  return detail
    .split(/\n(?=Process \d+(?:: | waits for ))/)
    .map((part) => {
      const head = /^Process \d+: /.exec(part)?.[0]
      return head === undefined ? maskQuoted(part) : head + redactStatement(part.slice(head.length))
    })
    .join('\n')
}

export function redactContext(context: string): string {
  const withoutValues = context
    .slice(0, MAX_LENGTH)
    .replace(/(\bparameters: )[\s\S]*$/, '$1?')
    .replace(/(JSON data, line \d+: )[\s\S]*$/, '$1?')
    .replace(
      /(\b(?:COPY|copy) [^\n]{0,200}?, line \d+(?:, column [^\n:]{1,100})?: )"[\s\S]*?"(?=\n[A-Z]|$)/g,
      '$1"?"',
    )
  const parts: string[] = []
  let copied = 0
  for (const match of withoutValues.matchAll(
    /SQL (?:statement|expression|function) "([\s\S]*?)"(?=\n[A-Z]|$)/g,
  )) {
    const start = match.index + match[0].length - match[1]!.length - 1
    parts.push(
      scrubText(maskQuoted(withoutValues.slice(copied, start - 1))),
      `"${redactStatement(match[1]!)}"`,
    )
    copied = start + match[1]!.length + 1
  }
  parts.push(scrubText(maskQuoted(withoutValues.slice(copied))))
  return parts.join('')
}
