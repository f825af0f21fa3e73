// pgsteward logs parse: what a log of PostgreSQL says, from a file, without a server.

import { resolve } from 'node:path'
import { LOG_CLASSES, LOG_FORMATS, runLogsParse, unknownEscape } from '../../app/logs/run-logs-parse.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { nearestName } from '../../model/nearest-name.ts'
import { parseDuration } from '../../model/units.ts'
import { oneOf } from '../arguments.ts'
import { defineCommand, JSON_OPTION, type Terminal } from '../command.ts'
import { logEventJson } from '../log-event-json.ts'
import { plain } from '../render-check.ts'
import { lossWords, renderLogs } from '../render-logs.ts'

const FORMATS = ['auto', ...LOG_FORMATS] as const
const USAGE = 'logs parse FILE... [--json]'
/** Written at once. */
const BATCH_CHARACTERS = 64 * 1024

export const logs = defineCommand({
  name: 'logs',
  usage: USAGE,
  summary: "read a file of PostgreSQL's log: what happened, what was slow, what went wrong",
  description:
    'Reads the plain log with any log_line_prefix, csvlog and jsonlog, also gzipped (.gz) and through syslog or a container; format and ' +
    'prefix are found out. FILE - is standard input. Each message gets a class of the catalogue (docs/logs); durations, statements, ' +
    'parameters and auto_explain plans are taken apart. Without --json it prints a summary; with it, a statement whose comment has ' +
    'sqlcommenter tags has a sender (caller, route, model, action, traceId). Literals of statements, values that messages quote, and ' +
    'parameters that look or are named like secrets are replaced, in either output.',
  examples: [
    'pgsteward logs parse /var/log/postgresql/postgresql-18-main.log',
    "pgsteward logs parse db.log --prefix '%t:%r:%u@%d:[%p]:' --since 2h",
    'pgsteward logs parse *.csv.gz --json --classes deadlock,statement-timeout',
    'kubectl logs db-0 | pgsteward logs parse -',
  ],
  options: {
    format: { type: 'string', short: 'f', example: 'FORMAT', help: `${FORMATS.join(', ')} (default auto)` },
    prefix: { type: 'string', example: 'PREFIX', help: 'log_line_prefix of the server (default: found out)' },
    classes: { type: 'string', multiple: true, example: 'ID,...', help: 'these classes alone' },
    since: {
      type: 'string',
      example: 'TIME',
      help: "from this time on: '2026-11-22 14:00' in UTC, or 2h ago",
    },
    until: { type: 'string', example: 'TIME', help: 'before this time' },
    'no-redact': { type: 'boolean', help: "show values as they are: for one's own eyes, not to be sent on" },
    ...{ json: { ...JSON_OPTION.json, help: 'print one line of JSON per message, and nothing else' } },
  },
  async run([action, ...files], options, { terminal, cwd, signal }) {
    if (action !== 'parse')
      throw new StewardError('usage', action === undefined ? 'parse?' : `"logs ${action}" is not known`, {
        hint: `pgsteward ${USAGE}`,
      })
    if (files.length === 0)
      throw new StewardError('usage', 'which file?', {
        hint: `pgsteward ${USAGE}; FILE - is standard input`,
      })
    const format = oneOf('--format', options.format, FORMATS, 'auto')
    if (options.prefix !== undefined && (format === 'csv' || format === 'json'))
      throw new StewardError('usage', `--prefix is of the plain log, not of ${format}`)
    refuseEscapes(options.prefix)
    const now = new Date()
    const output = options.json ? batched(terminal) : null
    const severalFiles = files.length > 1
    const report = await runLogsParse({
      files: files.map((file) => (file === '-' ? file : resolve(cwd, file))),
      stdin: process.stdin,
      format,
      prefix: options.prefix,
      classes: classesOf(options.classes ?? []),
      since: timeOf('--since', options.since, now),
      until: timeOf('--until', options.until, now),
      redact: !options['no-redact'],
      onEvent:
        output === null ? null : (event, file) => output.add(logEventJson(event, severalFiles ? file : null)),
      isSummarized: output === null,
      drained: terminal.drained ?? (async () => undefined),
      onProgress: terminal.progress,
      signal,
    })
    if (output === null) terminal.out(renderLogs(report, terminal))
    else {
      output.flush()
      for (const { file, counts } of report.files) {
        for (const words of lossWords(counts)) terminal.note(`${plain(file)}: ${words}\n`)
      }
    }
    return EXIT.clean
  },
})

function batched(terminal: Terminal) {
  let held = ''
  const flush = () => {
    if (held !== '') terminal.out(held)
    held = ''
  }
  return {
    add: (line: string) => {
      held += line
      if (held.length >= BATCH_CHARACTERS) flush()
    },
    flush,
  }
}

function classesOf(lists: readonly string[]): ReadonlySet<string> {
  const known = ['unknown', ...LOG_CLASSES.map(({ id }) => id)]
  const wanted = lists.flatMap((list) => list.split(',')).map((id) => id.trim())
  for (const id of wanted.filter((each) => !known.includes(each))) {
    const nearest = nearestName(id, known)
    throw new StewardError('usage', `"${id}" is not a class of log messages`, {
      hint: nearest === null ? 'docs/logs/README.md lists them.' : `Did you mean ${nearest}?`,
    })
  }
  return new Set(wanted)
}

function refuseEscapes(prefix: string | undefined): void {
  const unknown = prefix === undefined ? null : unknownEscape(prefix)
  if (unknown !== null)
    throw new StewardError('usage', `--prefix holds ${unknown}, which log_line_prefix does not know`, {
      hint: 'SHOW log_line_prefix says what the server has; in a shell it needs quotes.',
    })
}

/** A time without a zone is UTC: what a log says must not depend on where it is read. */
function timeOf(option: string, text: string | undefined, now: Date): Date | null {
  if (text === undefined) return null
  const ago = parseDuration(text)
  if (ago !== null) return new Date(now.getTime() - ago)
  const match = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))? ?(Z|UTC|[+-]\d\d:?\d\d)?$/.exec(
    text.trim(),
  )
  const zone = match?.[3] === undefined || match[3] === 'UTC' ? 'Z' : match[3]
  const at = match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2] ?? '00:00'}${zone}`)
  if (Number.isNaN(at))
    throw new StewardError('usage', `${option} ${text} is not a time`, {
      hint: `Write ${option} '2026-11-22 14:00', ${option} 2026-11-22T14:00:00+01:00, or ${option} 2h for two hours ago.`,
    })
  return new Date(at)
}
