// Chooses what of a server's log goes into the corpus, one message of a kind, and writes it with the classes that are expected.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LABELS } from './corpus-labels.ts'

interface Raw {
  readonly raw: string
  readonly severity: string
  readonly message: string
  readonly statement: string
}

export interface ServerLogs {
  /** Of this machine, to be taken out. */
  readonly paths: readonly string[]
  readonly csv: string
  readonly stderr: string
  readonly json: string | null
}

/** Each format of the oldest and the newest that has it; csv of all. */
export function keepCorpus(major: number, logs: ServerLogs): void {
  write(`pg${major}.csv`, choose(csvRecords(logs.csv)), logs.paths)
  if (major === 14 || major === 18) write(`pg${major}.stderr`, choose(stderrEntries(logs.stderr)), logs.paths)
  if (logs.json !== null && (major === 15 || major === 18))
    write(`pg${major}.jsonl`, choose(jsonLines(logs.json)), logs.paths)
}

function write(name: string, chosen: readonly (Raw & { class: string })[], paths: readonly string[]): void {
  let line = 1
  const expected = chosen.map((entry) => {
    const at = line
    line += entry.raw.split('\n').length
    return [at, entry.class] as const
  })
  let text = chosen.map(({ raw }) => `${raw}\n`).join('')
  for (const path of [...paths].sort((a, b) => b.length - a.length))
    text = text.replaceAll(path, '/var/lib/postgresql')
  text = text.replace(/\/[^\s"]*\/node_modules\/[^\s"]*\/native\//g, '/usr/')
  const folder = join(import.meta.dirname, 'corpus')
  writeFileSync(join(folder, name), text)
  writeFileSync(
    join(folder, `${name}.expected.json`),
    `[\n${expected.map(([at, id]) => `  [${at}, "${id}"]`).join(',\n')}\n]\n`,
  )
  console.log(name, chosen.length, new Set(chosen.map((entry) => entry.class)).size)
}

function choose(entries: readonly Raw[]): readonly (Raw & { class: string })[] {
  const seen = new Set<string>()
  const chosen: (Raw & { class: string })[] = []
  const unlabelled = new Set<string>()
  for (const entry of entries) {
    const label = labelOf(entry)
    const kind = entry.message.slice(0, 80).replace(/\d+/g, '0')
    if (label === null) {
      unlabelled.add(`${entry.severity} ${kind}`)
      continue
    }
    if (seen.has(`${label} ${kind}`)) continue
    seen.add(`${label} ${kind}`)
    chosen.push({ ...entry, class: label })
  }
  for (const kind of unlabelled) console.log('  no label:', kind)
  return chosen
}

function labelOf({ severity, message, statement }: Raw): string | null {
  const marker = /\/\* corpus:([a-z-]+) \*\//.exec(`${statement}\n${message}`)?.[1] ?? null
  // what an error says belongs to the statement that provoked it, but for those that come from outside
  const isPhase = /^duration: \S+ ms {2}(parse|bind) /.test(message)
  if (marker !== null && !isPhase && (severity === 'ERROR' || message.includes('corpus:'))) return marker
  const label = LABELS.find(([pattern]) => pattern.test(message))?.[1] ?? null
  if (marker === 'raised-exception') return marker
  if (label === 'background-or-logical-worker')
    return message.includes('logical replication worker due')
      ? 'logical-worker'
      : 'background-worker-terminated'
  return label ?? marker
}

function csvRecords(text: string): readonly Raw[] {
  const found: Raw[] = []
  let fields: string[] = []
  let field = ''
  let quoted = false
  let from = 0
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]!
    if (quoted) {
      if (char !== '"') field += char
      else if (text[at + 1] === '"') {
        field += '"'
        at += 1
      } else quoted = false
    } else if (char === '"') quoted = true
    else if (char === ',' || char === '\n') {
      fields.push(field)
      field = ''
      if (char === '\n') {
        const raw = text.slice(from, at)
        found.push({ raw, severity: fields[11]!, message: fields[13]!, statement: fields[19]! })
        fields = []
        from = at + 1
      }
    } else field += char
  }
  return found
}

function jsonLines(text: string): readonly Raw[] {
  return text
    .split('\n')
    .filter((raw) => raw !== '')
    .map((raw) => {
      const entry = JSON.parse(raw) as { error_severity: string; message: string; statement?: string }
      return { raw, severity: entry.error_severity, message: entry.message, statement: entry.statement ?? '' }
    })
}

const FIRST_LINE = /^(\d{4}-\S+ \S+ UTC \[\d+\]) (?:\S*@\S* )?([A-Z0-9]+): {2}(.*)$/
const FURTHER = new Set(['DETAIL', 'HINT', 'CONTEXT', 'STATEMENT', 'QUERY', 'LOCATION', 'BACKTRACE'])

/** Entries whose lines another process interleaves are rare here; they are left as they come. */
function stderrEntries(text: string): readonly Raw[] {
  const found: { lines: string[]; severity: string; message: string; statement: string }[] = []
  for (const line of text.split('\n')) {
    const match = FIRST_LINE.exec(line)
    const open = found.at(-1)
    if (match === null) {
      if (line !== '') open?.lines.push(line)
    } else if (!FURTHER.has(match[2]!)) {
      found.push({ lines: [line], severity: match[2]!, message: match[3]!, statement: '' })
    } else if (open !== undefined) {
      open.lines.push(line)
      if (match[2] === 'STATEMENT') open.statement = match[3]!
    }
  }
  return found.map(({ lines, ...entry }) => ({ raw: lines.join('\n'), ...entry }))
}
