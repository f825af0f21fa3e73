// Reads Datadog's metric queries by their documented grammar, apart from what writes them: throws where Datadog would refuse.

export interface MetricQuery {
  readonly space: string
  readonly metric: string
  /** Keys of the tags in its filter; variables as `$name`. */
  readonly filters: readonly string[]
  readonly by: readonly string[]
  readonly as: 'count' | 'rate' | null
}

export interface MonitorQuery {
  readonly time: string
  readonly window: string
  readonly queries: readonly MetricQuery[]
  readonly comparator: string
  readonly limit: number
}

const SPACE = /^(?:avg|sum|min|max|count|p\d{2}(?:\.\d{1,2})?)$/
const METRIC = /^[a-zA-Z][a-zA-Z0-9_.]{0,199}$/
const TAG_KEY = /^[\p{Ll}][\p{Ll}\p{N}_\-./]*$/u
const TAG_VALUE = /^[\p{Ll}\p{N}_\-:./*]{1,200}$/u
const FUNCTIONS: ReadonlySet<string> = new Set(['default_zero', 'abs'])
const WINDOWS = /^(?:1m|5m|10m|15m|30m|1h|2h|4h|1d)$/

export function parseMonitorQuery(text: string): MonitorQuery {
  const [, time = '', window = '', formula = '', comparator = '', limit = ''] =
    /^(\w+)\(last_(\w+)\):(.+) (>=?|<=?) (-?\d+(?:\.\d+)?)$/.exec(text) ?? fail(text, 'no monitor query')
  if (!/^(?:avg|sum|min|max|percentile)$/.test(time)) fail(text, `no aggregation over time: ${time}`)
  if (!WINDOWS.test(window)) fail(text, `no window: ${window}`)
  const queries = parseExpression(formula)
  const percentiles = queries.filter(({ space }) => space.startsWith('p'))
  if ((time === 'percentile') !== percentiles.length > 0) fail(text, 'percentiles go with percentile()')
  if (queries.some(({ as }) => as === 'count') && time !== 'sum') fail(text, 'as_count() goes with sum()')
  return { time, window, queries, comparator, limit: Number(limit) }
}

/** Arithmetic over queries. */
export function parseExpression(text: string): readonly MetricQuery[] {
  const queries: MetricQuery[] = []
  let at = 0
  const skip = () => {
    while (text[at] === ' ') at += 1
  }
  const take = (token: string) => {
    skip()
    if (!text.startsWith(token, at)) return false
    at += token.length
    return true
  }
  const factor = (): void => {
    if (take('(')) {
      sum()
      if (!take(')')) fail(text, 'a parenthesis is open')
      return
    }
    skip()
    const rest = text.slice(at)
    const number = /^\d+(\.\d+)?/.exec(rest)
    if (number !== null) {
      at += number[0].length
      return
    }
    const called = /^([a-z_]+)\(/.exec(rest)
    if (called !== null) {
      if (!FUNCTIONS.has(called[1]!)) fail(text, `no function ${called[1]}`)
      at += called[0].length
      sum()
      if (!take(')')) fail(text, 'a parenthesis is open')
      return
    }
    const query = /^[\w.]+:[\w.]+\{[^{}]*\}(?: by \{[^{}]+\})?(?:\.as_(?:count|rate)\(\))?/.exec(rest)
    if (query === null) fail(text, `no query at ${rest}`)
    queries.push(parseMetricQuery(query[0]))
    at += query[0].length
  }
  const product = (): void => {
    factor()
    while (take('*') || take('/')) factor()
  }
  const sum = (): void => {
    product()
    while (take('+') || take('-')) product()
  }
  sum()
  skip()
  if (at < text.length) fail(text, `too much: ${text.slice(at)}`)
  return queries
}

export function parseMetricQuery(text: string): MetricQuery {
  const [, space = '', metric = '', filter = '', by, as] =
    /^([\w.]+):([\w.]+)\{([^{}]*)\}(?: by \{([^{}]+)\})?(?:\.as_(count|rate)\(\))?$/.exec(text) ??
    fail(text, 'no metric query')
  if (!SPACE.test(space)) fail(text, `no aggregation over space: ${space}`)
  if (!METRIC.test(metric)) fail(text, `no metric: ${metric}`)
  if (as !== undefined && space !== 'sum' && space !== 'count') fail(text, `${space} cannot be counted`)
  const keys = by?.split(',') ?? []
  for (const key of keys) if (!TAG_KEY.test(key)) fail(text, `no tag: ${key}`)
  return { space, metric, filters: parseFilter(filter), by: keys, as: (as as 'count' | 'rate') ?? null }
}

/** `*`, or conditions joined by AND, OR and NOT; the short forms `,` and `!` may not be mixed with them. */
function parseFilter(text: string): readonly string[] {
  if (text === '*') return []
  const tokens = text.match(/\(|\)|[^\s()]+/g) ?? []
  const keys: string[] = []
  let at = 0
  const unary = (): void => {
    const token = tokens[at++]
    if (token === 'NOT') {
      unary()
      return
    }
    if (token === '(') {
      disjunction()
      if (tokens[at++] !== ')') fail(text, 'a parenthesis is open')
      return
    }
    if (token === undefined) fail(text, 'the filter ends too early')
    if (/^\$\w+$/.test(token)) {
      keys.push(token)
      return
    }
    const colon = token.indexOf(':')
    const [key, value] = [token.slice(0, colon), token.slice(colon + 1)]
    if (colon < 0 || !TAG_KEY.test(key)) fail(text, `no condition: ${token}`)
    if (!TAG_VALUE.test(value)) fail(text, `no value: ${value}`)
    keys.push(key)
  }
  const conjunction = (): void => {
    unary()
    while (tokens[at] === 'AND') {
      at += 1
      unary()
    }
  }
  const disjunction = (): void => {
    conjunction()
    while (tokens[at] === 'OR') {
      at += 1
      conjunction()
    }
  }
  disjunction()
  if (at < tokens.length) fail(text, `too much: ${tokens.slice(at).join(' ')}`)
  return keys
}

function fail(text: string, because: string): never {
  throw new Error(`${because}: ${text}`)
}
