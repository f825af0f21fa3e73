// Which tool wrote a file, told by its content; names lie.

export const IMPORT_FORMATS = [
  'pgsteward',
  'k6-ndjson',
  'k6-csv',
  'k6-summary-export',
  'k6-handle-summary',
  'k6-summary-v2',
  'autocannon',
  'artillery',
  'pgbench',
  'pgbench-log',
  'pgbench-aggregate',
  'wrk',
] as const
export type ImportFormat = (typeof IMPORT_FORMATS)[number]

/** From the first 64 kB. 'json': a document, whose keys decide once it is read whole. */
export function detectFormat(head: string): ImportFormat | 'json' | null {
  const text = head.trimStart()
  const firstLine = text.slice(0, lineEnd(text)).trim()
  if (text.startsWith('{') || text.startsWith('[')) return isK6Line(firstLine) ? 'k6-ndjson' : 'json'
  if (firstLine.startsWith('metric_name,timestamp,')) return 'k6-csv'
  if (/^Running .+ test @ /m.test(text)) return 'wrk'
  if (/^(transaction type: |pgbench \(|number of transactions actually processed: )/m.test(text))
    return 'pgbench'
  return pgbenchLog(firstLine)
}

function lineEnd(text: string): number {
  const at = text.indexOf('\n')
  return at < 0 ? text.length : at
}

/** Also when the first line is damaged: the file is one of lines all the same. */
function isK6Line(line: string): boolean {
  return /^\{"(metric|type)":"/.test(line) && /"type":"(Point|Metric)"/.test(line)
}

/** An aggregated log begins each line with a time, one of transactions with the client's number. */
function pgbenchLog(line: string): ImportFormat | null {
  const columns = line.split(/\s+/)
  if (columns.length < 6 || columns.length > 20) return null
  const isNumber = (column: string | undefined) => column !== undefined && /^-?\d+(\.\d+)?$/.test(column)
  if (!isNumber(columns[0]) || !isNumber(columns[1])) return null
  if (isEpoch(columns[0]) && columns.every(isNumber)) return 'pgbench-aggregate'
  const isTimeOrWord = isNumber(columns[2]) || /^(skipped|failed|serialization|deadlock)$/.test(columns[2]!)
  return isTimeOrWord && isEpoch(columns[4]) && columns.length <= 8 ? 'pgbench-log' : null
}

/** Seconds since 1970, between 2001 and 2286. */
function isEpoch(column: string | undefined): boolean {
  return column !== undefined && /^[1-9]\d{9}$/.test(column)
}

/** Of a document of JSON, by its keys. */
export function formatOfDocument(document: unknown): ImportFormat | null {
  const first: unknown = Array.isArray(document) ? document[0] : document
  if (!isRecord(first)) return null
  if (typeof first.format === 'string' && first.format.startsWith('pgsteward-')) return 'pgsteward'
  if (Array.isArray(document)) return isAutocannon(first) ? 'autocannon' : null
  if (typeof first.version === 'string' && isRecord(first.results)) return 'k6-summary-v2'
  if (isRecord(first.metrics)) return ofLegacySummary(first, first.metrics)
  if (isRecord(first.aggregate) && 'intermediate' in first) return 'artillery'
  return isAutocannon(first) ? 'autocannon' : null
}

function ofLegacySummary(
  document: Readonly<Record<string, unknown>>,
  metrics: Readonly<Record<string, unknown>>,
): ImportFormat | null {
  const some = Object.values(metrics).find(isRecord)
  if (some === undefined) return null
  if (isRecord(some.values) && typeof some.type === 'string') return 'k6-handle-summary'
  return 'root_group' in document || 'http_reqs' in metrics || 'iterations' in metrics
    ? 'k6-summary-export'
    : null
}

function isAutocannon(document: Readonly<Record<string, unknown>>): boolean {
  return isRecord(document.latency) && isRecord(document.requests) && 'throughput' in document
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
