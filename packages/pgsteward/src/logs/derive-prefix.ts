// Guesses log_line_prefix from lines: what stands before the severity, with times, pids, names and addresses turned into escapes.

/** A severity as a line of the log has it, wherever the prefix ends. */
const SEVERITY =
  /(?:LOG|ERROR|FATAL|PANIC|WARNING|NOTICE|INFO|DEBUG[1-5]?|STATEMENT|DETAIL|HINT|CONTEXT): {1,2}/

const TIME = String.raw`\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d`
const RULES: readonly (readonly [pattern: RegExp, code: string])[] = [
  [new RegExp(String.raw`^${TIME}\.\d+ [A-Z+-][A-Z0-9]{1,5}`), '%m'],
  [new RegExp(String.raw`^${TIME}\.\d+(?:Z|[+-]\d\d:?\d\d)?`), '%m'],
  [new RegExp(`^${TIME} [A-Z+-][A-Z0-9]{1,5}`), '%t'],
  [new RegExp(`^${TIME}(?:Z|[+-]\\d\\d:?\\d\\d)?`), '%t'],
  [/^\b\d{10}\.\d{3}\b/, '%n'],
  [/^\b[\da-f]{8}\.[\da-f]{1,8}\b/, '%c'],
  [/^\b\d{1,4}\/\d{1,10}\b/, '%v'],
  [/^(?:\d{1,3}\.){3}\d{1,3}\(\d+\)|^\[local\]/, '%r'],
  [/^(?:\d{1,3}\.){3}\d{1,3}/, '%h'],
]
/** `user=alice`, `db="shop"`: by the name, up to what follows. */
const NAMED: Readonly<Record<string, string>> = {
  user: '%u',
  usr: '%u',
  username: '%u',
  u: '%u',
  db: '%d',
  database: '%d',
  dbname: '%d',
  d: '%d',
  app: '%a',
  application: '%a',
  application_name: '%a',
  appname: '%a',
  a: '%a',
  client: '%h',
  host: '%h',
  remote: '%r',
  pid: '%p',
  p: '%p',
  session: '%c',
  sess: '%c',
  sid: '%c',
  vxid: '%v',
  vtid: '%v',
  xid: '%x',
  txid: '%x',
  trx_id: '%x',
  tx: '%x',
  line: '%l',
  state: '%e',
  sqlstate: '%e',
  error: '%e',
  code: '%e',
  query_id: '%Q',
  queryid: '%Q',
  qid: '%Q',
  backend: '%b',
  type: '%b',
  cmd: '%i',
  tag: '%i',
  command: '%i',
}
const NAME_VALUE = /^([a-z_]{1,20})(=|: ?)("?)([^\s,;"|\])}>]*)/i

/** Null where the line has no severity, or nothing before it can be told apart. */
export function derivePrefix(line: string): string | null {
  const severity = SEVERITY.exec(line)
  if (severity === null || severity.index > 512) return null
  const head = line.slice(0, severity.index)
  let prefix = ''
  let hasPid = false
  for (let at = 0; at < head.length; ) {
    const rest = head.slice(at)
    const rule = /\w$/.test(head.slice(0, at)) ? undefined : RULES.find(([pattern]) => pattern.test(rest))
    if (rule !== undefined) {
      prefix += rule[1]
      at += rule[0].exec(rest)![0].length
      continue
    }
    const named = /\w$/.test(head.slice(0, at)) ? null : NAME_VALUE.exec(rest)
    const code = named === null ? undefined : NAMED[named[1]!.toLowerCase()]
    if (named !== null && code !== undefined) {
      prefix += `${named[1]}${named[2]}${named[3]}${shown(code, named[4]!)}`
      hasPid ||= code === '%p'
      at += named[0].length
      continue
    }
    const session = hasPid ? null : /^(\[|\()(\d{1,10})(-\d+)?(\]|\))/.exec(rest)
    if (session !== null) {
      prefix += `${session[1]}%p${session[3] === undefined ? '' : '-%l'}${session[4]}`
      hasPid = true
      at += session[0].length
      continue
    }
    const numbered = /^\[(\d+)-1\]/.exec(rest)
    const at2 = /^([\w.[\]-]{1,63})@([\w.[\]-]{1,63})/.exec(rest)
    if (numbered !== null) prefix += '[%l-1]'
    else if (at2 !== null) prefix += '%u@%d'
    else prefix += head[at] === '%' ? '%%' : head[at]
    at += (numbered ?? at2)?.[0].length ?? 1
  }
  return prefix
}

/** `remote=10.0.0.1(5432)` is %r, not %h. */
const shown = (code: string, value: string): string =>
  code === '%h' && /\(\d+\)?$/.test(value) ? '%r' : code
