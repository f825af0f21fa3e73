// What pgbench prints at the end: counts and means, for each script where it ran several.

import { StewardError } from '../../model/error.ts'
import { ALL_REQUESTS } from '../../model/load-run.ts'
import type { ForeignRun } from './foreign-run.ts'
import { percentilesOnly, reasonsAgainst } from './reasons-against.ts'
import { summarySeries } from './summary-series.ts'

export function readPgbenchText(path: string, text: string, modifiedAtMs: number): ForeignRun {
  const find = (pattern: RegExp) => pattern.exec(text)?.[1]
  const number = (pattern: RegExp) => {
    const found = find(pattern)
    return found === undefined ? null : Number(found)
  }
  const processed = number(/^number of transactions actually processed: (\d+)/m)
  const tps = number(/^tps = ([\d.]+) \((?:without|excluding)/m) ?? number(/^tps = ([\d.]+)/m)
  if (processed === null || tps === null)
    throw new StewardError('run-file', `${path} is not the whole output of pgbench`, {
      detail: `${processed === null ? 'The number of transactions' : 'The line "tps = ..."'} is missing.`,
      hint: 'Was pgbench ended before its time, or only a part copied?',
    })
  const failed = number(/^number of failed transactions: (\d+)/m) ?? 0
  const skipped = number(/^number of transactions skipped: (\d+)/m) ?? 0
  const count = processed + failed
  const isOpen = /^rate limit schedule lag: /m.test(text)
  const seconds = number(/^duration: (\d+) s/m) ?? (tps > 0 ? processed / tps : 0)
  const all = summarySeries({
    name: ALL_REQUESTS,
    count,
    errors: failed,
    meanMs: number(/^latency average = ([\d.]+) ms/m),
    minMs: null,
    maxMs: null,
  })
  return {
    engine: { name: 'pgbench', version: find(/^pgbench \((?:PostgreSQL\) )?([\d.]+)/m) ?? 'unknown' },
    title: titleOf(find(/^transaction type: (.+)$/m)),
    model: isOpen ? 'open' : 'closed',
    startedAtMs: modifiedAtMs - seconds * 1000,
    durationMs: seconds * 1000,
    target: null,
    invalid: [
      percentilesOnly('pgbench prints means, no percentiles (its --log has every transaction)'),
      ...reasonsAgainst({ count, errors: failed, dropped: skipped, offered: count + skipped }),
    ],
    requests: {
      count,
      errors: failed,
      errorKinds: failed === 0 ? {} : { failed },
      bytesReceived: 0,
      offered: isOpen ? count + skipped : null,
      dropped: skipped,
    },
    checks: [],
    series: [all, ...scriptSeries(text)],
    timeline: [],
    thresholds: [],
    tags: tagsOf(text),
  }
}

function scriptSeries(text: string) {
  const scripts = text.split(/^SQL script \d+: /m).slice(1)
  return scripts.map((script) => {
    const number = (pattern: RegExp) => Number(pattern.exec(script)?.[1] ?? Number.NaN)
    const orNull = (value: number) => (Number.isNaN(value) ? null : value)
    const succeeded = orNull(number(/^ - (\d+) transactions/m)) ?? 0
    const failed = orNull(number(/^ - number of failed transactions: (\d+)/m)) ?? 0
    return summarySeries({
      name: script.split('\n', 1)[0]!.trim(),
      count: succeeded + failed,
      errors: failed,
      meanMs: orNull(number(/^ - latency average = ([\d.]+) ms/m)),
      minMs: null,
      maxMs: null,
    })
  })
}

function titleOf(type: string | undefined): string | null {
  const title = type?.replace(/^<builtin: (.*)>$/, '$1').trim()
  return title === undefined || title === '' || title === 'multiple scripts' ? null : title
}

function tagsOf(text: string): Record<string, string> {
  const tags: Record<string, string> = {}
  for (const [, name, value] of text.matchAll(
    /^(scaling factor|query mode|number of clients|number of threads): (.+)$/gm,
  ))
    tags[name!.replace('number of ', '').replace(' ', '-')] = value!.trim()
  return tags
}
