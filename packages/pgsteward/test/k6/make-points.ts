// Points as k6 writes them, made from a list of requests: NDJSON and CSV of the same run.

export interface MadeRequest {
  readonly atMs: number
  readonly ms: number
  readonly name: string
  readonly status?: number
  readonly group?: string
}

export const STARTED_AT = Date.parse('2026-11-22T10:00:00.000Z')

/** Evenly over `seconds`, two endpoints by turns, latencies from 5 to 50 ms without a pattern, every 40th answered 503. */
export function madeRequests(count: number, seconds: number): readonly MadeRequest[] {
  let state = 7
  const chance = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 4_294_967_296
  }
  return Array.from({ length: count }, (_, at) => ({
    atMs: STARTED_AT + 60 + (at * seconds * 1000) / count,
    ms: Number((5 + 45 * chance() ** 2).toFixed(6)),
    name: at % 2 === 0 ? 'GET /members' : 'POST /mails',
    status: at % 40 === 39 ? 503 : 200,
    group: at % 2 === 0 ? '' : '::office::mail',
  }))
}

export interface MadeOptions {
  readonly thresholds?: Readonly<Record<string, readonly string[]>>
  readonly dropped?: number
}

export function ndjson(
  requests: readonly MadeRequest[],
  { thresholds = {}, dropped = 0 }: MadeOptions = {},
): string {
  const lines: object[] = [
    ['http_reqs', 'counter', 'default'],
    ['http_req_duration', 'trend', 'time'],
    ['http_req_failed', 'rate', 'default'],
    ['checks', 'rate', 'default'],
    ['own_wait', 'trend', 'time'],
  ].map(([name, type, contains]) => ({
    type: 'Metric',
    data: { name, type, contains, thresholds: thresholds[name!] ?? [], submetrics: null },
    metric: name,
  }))
  const point = (metric: string, atMs: number, value: number, tags: object) =>
    lines.push({
      metric,
      type: 'Point',
      data: { time: new Date(atMs).toISOString().replace('Z', '123456Z'), value, tags },
    })
  for (const each of requests) {
    const tags = tagsOf(each)
    point('http_reqs', each.atMs, 1, tags)
    point('http_req_duration', each.atMs, each.ms, tags)
    point('http_req_blocked', each.atMs, 0.01, tags)
    point('http_req_failed', each.atMs, each.status === 503 ? 1 : 0, tags)
    point('checks', each.atMs, each.status === 503 ? 0 : 1, {
      check: 'status is 200',
      group: each.group,
      scenario: 'api',
    })
    point('own_wait', each.atMs, each.ms / 2, { group: each.group, scenario: 'api' })
    point('data_received', each.atMs, 200, { group: '', scenario: 'api' })
    point('iterations', each.atMs, 1, { group: '', scenario: 'api' })
  }
  for (let atMs = STARTED_AT + 1000; atMs <= (requests.at(-1)?.atMs ?? 0); atMs += 1000)
    point('vus', atMs, 3, {})
  if (dropped > 0) point('dropped_iterations', requests.at(-1)!.atMs, dropped, { scenario: 'api' })
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}

export function csv(requests: readonly MadeRequest[]): string {
  const lines = [
    'metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,metadata',
  ]
  for (const each of requests) {
    const tags = tagsOf(each)
    const seconds = Math.floor(each.atMs / 1000)
    const rest = `${tags.expected_response},${tags.group},${tags.method},"${tags.name}",HTTP/1.1,api,,${tags.status},,,${tags.url},kind=load,`
    lines.push(`http_reqs,${seconds},1.000000,,,,${rest}`)
    lines.push(`http_req_duration,${seconds},${each.ms.toFixed(6)},,,,${rest}`)
    lines.push(
      `checks,${seconds},${each.status === 503 ? 0 : 1}.000000,status is 200,,,,${tags.group},,,,api,,,,,,kind=load,`,
    )
  }
  return `${lines.join('\n')}\n`
}

function tagsOf({ name, status = 200, group = '' }: MadeRequest) {
  return {
    expected_response: String(status < 400),
    group,
    method: name.split(' ')[0]!,
    name,
    proto: 'HTTP/1.1',
    scenario: 'api',
    status: String(status),
    url: `http://user:secret@127.0.0.1:3000${name.split(' ')[1]}`,
  }
}
