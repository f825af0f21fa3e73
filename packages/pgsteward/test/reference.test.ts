// The generated reference leaves no key of the configuration without a word.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'

const page = readFileSync(resolve(import.meta.dirname, '../../../docs/reference/configuration.md'), 'utf8')
const rows = page
  .split('## Environment')[0]!
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split(' | '))

test('every key of the configuration is there to the bottom, and described', () => {
  const keys = rows.map(([key]) => key!.replace(/^\| /, ''))
  for (const deep of [
    '`targets[].logs.syslog.port`',
    '`alerts.channels.ID (email).digest.timeZone`',
    '`exports.otlp.temporality`',
  ])
    expect(keys).toContain(deep)
  expect(new Set(keys).size).toBe(keys.length)
  const silent = rows.filter((row) => (row.at(-1) ?? '').replace(/\|$/, '').trim() === '')
  expect(silent.map(([key]) => key)).toEqual([])
})
