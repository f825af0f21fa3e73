#!/usr/bin/env node
// Stands in for k6 in tests: refuses arguments that k6 2 would, writes points in k6's documented NDJSON to the path it is given, and ends
// as FAKE_K6 says. What k6 itself does with a script it can't show.

import { createWriteStream, readFileSync, statSync, writeFileSync } from 'node:fs'

const plan = JSON.parse(process.env.FAKE_K6 ?? '{}')
const args = process.argv.slice(2)

if (args[0] === 'version') {
  process.stdout.write(`k6 v${plan.version ?? '2.2.0'} (commit/0123456789, go1.25.1, linux/amd64)\n`)
  process.exit(0)
}

const refuse = (why) => {
  process.stderr.write(`level=error msg=${JSON.stringify(why)}\n`)
  process.exit(104)
}
const expected = [
  /^run$/,
  /^--out$/,
  /^json=\/.+$/,
  plan.summary ?? /^--summary-mode=disabled$/,
  /^--quiet$/,
  /^--no-color$/,
  /^--address=$/,
  /\.ts$/,
]
for (const [at, pattern] of expected.entries())
  if (!(typeof pattern === 'string' ? args[at] === pattern : pattern.test(args[at] ?? '')))
    refuse(`argument ${at} is ${args[at]}`)
if (args.length !== expected.length) refuse(`unexpected ${args.slice(expected.length)}`)
for (const name of ['K6_NO_USAGE_REPORT', 'K6_AUTO_EXTENSION_RESOLUTION'])
  if (!['true', 'false'].includes(process.env[name])) refuse(`${name} is not set`)
if (process.env.K6_NO_USAGE_REPORT !== 'true' || process.env.K6_AUTO_EXTENSION_RESOLUTION !== 'false')
  refuse('it would call home')
if (Object.keys(process.env).some((name) => /^K6_(?!NO_USAGE_REPORT|AUTO_EXTENSION_RESOLUTION)/.test(name)))
  refuse('K6_ settings of the user came through')
if (process.env.TARGET === undefined) refuse('TARGET is not set')
const script = readFileSync(args.at(-1), 'utf8')
if (!script.includes('export const options: Options')) refuse('this is no script')
const path = args[2].slice('json='.length)
if (!statSync(path).isFIFO()) refuse('the output is no named pipe')
if (plan.keepScript !== undefined) writeFileSync(plan.keepScript, script)

if (plan.failAtOnce !== undefined) {
  process.stderr.write(`level=error msg="could not initialize"\n`)
  process.exit(plan.failAtOnce)
}

const out = createWriteStream(path, { flags: 'r+' })
const startMs = Date.now()
const metric = (name, type, contains) =>
  `${JSON.stringify({ type: 'Metric', data: { name, type, contains, thresholds: [], submetrics: null }, metric: name })}\n`
const point = (name, atMs, value, tags) =>
  `${JSON.stringify({ metric: name, type: 'Point', data: { time: new Date(atMs).toISOString(), value, tags } })}\n`
const tags = (at) => ({
  expected_response: plan.refused ? 'false' : at % 10 === 9 && plan.errors ? 'false' : 'true',
  feature: 'members',
  flow: 'read',
  group: '',
  method: 'GET',
  name: 'GET /members',
  scenario: 'tiny',
  status: plan.refused ? '0' : at % 10 === 9 && plan.errors ? '503' : '200',
  ...(plan.refused ? { error_code: '1212', error: 'dial: connection refused' } : {}),
})

out.write(metric('http_reqs', 'counter', 'default') + metric('http_req_duration', 'trend', 'time'))
let at = 0
const spanMs = plan.spanMs ?? 3000
const step = () => {
  for (let each = 0; each < 20 && at < (plan.requests ?? 300); each += 1, at += 1) {
    const atMs = plan.live ? Date.now() : startMs + (at * spanMs) / (plan.requests ?? 300)
    out.write(
      point('http_reqs', atMs, 1, tags(at)) +
        point('http_req_duration', atMs, 10 + (at % 10), tags(at)) +
        point('checks', atMs, 1, { check: 'GET /members: answered', group: '', scenario: 'tiny' }) +
        point('iterations', atMs, 1, { group: '', scenario: 'tiny' }) +
        point('data_received', atMs, 100, { group: '', scenario: 'tiny' }),
    )
  }
  if (plan.damage && at === 100) out.write('{"metric":"http_req_duration","type":"Point","data":{"ti\n')
}
const end = (code) => {
  if (plan.dropped) out.write(point('dropped_iterations', Date.now(), plan.dropped, { scenario: 'tiny' }))
  out.end(() => process.exit(code))
}
process.on('SIGINT', () => {
  if (plan.deaf) return
  clearInterval(timer)
  end(105)
})
const timer = setInterval(
  () => {
    step()
    if (plan.killItself && at >= 100) {
      clearInterval(timer)
      // what was written before has arrived
      out.write('\n', () => process.kill(process.pid, 'SIGKILL'))
      return
    }
    if (at < (plan.requests ?? 300) || plan.stay) return
    clearInterval(timer)
    end(plan.code ?? 0)
  },
  plan.live ? 20 : 1,
)
if (plan.stay) {
  const endless = setInterval(() => {
    out.write(point('vus', Date.now(), 5, {}))
    if (at >= (plan.requests ?? 300)) at = 0
  }, 50)
  endless.unref()
}
