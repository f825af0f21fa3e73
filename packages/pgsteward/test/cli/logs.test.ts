// logs parse as a person and a script use it.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EXIT } from '../../src/model/error.ts'
import { run } from './run.ts'

const LOG = `2025-11-22 14:10:19.123 UTC [12] LOG:  checkpoint starting: time
2025-11-22 14:10:20.000 UTC [13] app@shop LOG:  duration: 1500.500 ms  execute <unnamed>: select * from "order" where id = $1 and note = 'x' /*action='findMany',controller='Order'*/
2025-11-22 14:10:20.000 UTC [13] app@shop DETAIL:  Parameters: $1 = '5'
2025-11-22 14:11:00.000 UTC [14] app@shop ERROR:  deadlock detected
2025-11-22 14:11:00.000 UTC [14] app@shop DETAIL:  Process 14 waits for ShareLock on transaction 5; blocked by process 13.
	Process 13 waits for ShareLock on transaction 6; blocked by process 14.
	Process 14: update a set b = 'secret'
	Process 13: update c set d = 5
2025-11-22 14:11:00.000 UTC [14] app@shop HINT:  See server log for query details.
2025-11-22 14:11:00.000 UTC [14] app@shop STATEMENT:  update a set b = 'secret'
cp: cannot stat 'x': No such file or directory
2025-11-22 14:12:00.000 UTC [15] LOG:  something that nobody has ever said 42
`

let dir = ''
let log = ''
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'pgsteward-test-logs-'))
  log = join(dir, 'a.log')
  writeFileSync(log, LOG)
  writeFileSync(join(dir, 'a.log.gz'), gzipSync(LOG))
  writeFileSync(join(dir, 'packed'), gzipSync(LOG))
  writeFileSync(join(dir, 'broken.gz'), LOG)
  writeFileSync(join(dir, 'empty.log'), '')
  writeFileSync(join(dir, 'prose.txt'), 'Dear all,\nthis is no log.\n')
  writeFileSync(join(dir, 'binary'), Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 7919) % 256)))
  mkdirSync(join(dir, 'folder'))
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

test('Z: with --json each message is one line of JSON, and nothing else is printed', async () => {
  const { exitCode, out, note } = await run('logs', 'parse', log, '--json')
  expect(exitCode).toBe(EXIT.clean)
  expect(note).toContain('1 line belongs to no message: line 11')
  const events = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(events).toHaveLength(4)
  expect(events[0]).toEqual({
    line: 1,
    time: '2025-11-22T14:10:19.123Z',
    severity: 'LOG',
    class: 'checkpoint-starting',
    pid: 12,
    message: 'checkpoint starting: time',
    figures: expect.anything(),
  })
  expect(events[1]).toMatchObject({
    line: 2,
    class: 'statement-duration',
    pid: 13,
    user: 'app',
    database: 'shop',
    durationMs: 1500.5,
    query: 'select * from "order" where id = $1 and note = ?',
    sender: { caller: 'Order.findMany', model: 'Order', action: 'findMany' },
    parameters: ['5'],
  })
  expect(Object.keys(events[1]!.sender as object)).toEqual(['caller', 'model', 'action'])
  expect(events[2]).toMatchObject({ class: 'deadlock', severity: 'ERROR', query: 'update a set b = ?' })
  expect(events[3]).toMatchObject({ class: 'unknown', message: 'something that nobody has ever said 42' })
  expect(out).not.toContain('secret')
})

test('without --json it says in short what happened', async () => {
  const { exitCode, out } = await run('logs', 'parse', log)
  expect(exitCode).toBe(EXIT.clean)
  for (const words of [
    "stderr '%m [%p] %q%u@%d '",
    '12 lines, 4 messages',
    '2025-11-22 14:10:19 to 2025-11-22 14:12:00 UTC',
    '1 line belongs to no message: line 11',
    'deadlock detected',
    'Process 14: update a set b = ?',
    'select * from "order" where id = $1 and note = ?',
    'Messages that no class takes: 1',
  ])
    expect(out).toContain(words)
  expect(out).not.toContain('secret')
})

test('--no-redact shows values', async () => {
  expect((await run('logs', 'parse', log, '--json', '--no-redact')).out).toContain(
    "update a set b = 'secret'",
  )
})

test.each([
  [['--classes', 'deadlock'], 1],
  [['--classes', 'deadlock,unknown'], 2],
  [['--since', '2025-11-22 14:11'], 2],
  [['--until', '2025-11-22T15:10:20+01:00'], 1],
  [['--since', '1h'], 0],
])('%j leaves out what is not asked for', async (options, count) => {
  const { out } = await run('logs', 'parse', log, '--json', ...options)
  expect(out === '' ? 0 : out.trim().split('\n').length).toBe(count)
})

test('reads several files, compressed ones too, and says which', async () => {
  const { out } = await run('logs', 'parse', log, join(dir, 'a.log.gz'), '--json')
  const files = out
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { file: string }).file)
  expect(new Set(files)).toEqual(new Set([log, join(dir, 'a.log.gz')]))
  expect(files).toHaveLength(8)
})

describe('refuses, and says why', () => {
  test.each([
    [['nowhere.log'], 'there is no file'],
    [['folder'], 'is a folder'],
    [['empty.log'], 'is empty'],
    [['prose.txt'], 'no message of PostgreSQL was found'],
    [['a.log', '--format', 'csv'], 'no message of PostgreSQL was found'],
    [['a.log', '--format', 'json'], 'Leave --format and --prefix out'],
    [['a.log', '--prefix', '%t:%r:%u@%d:[%p]:'], "with log_line_prefix '%t:%r:%u@%d:[%p]:'"],
    [['a.log', '--prefix', '%z '], '--prefix holds %z'],
    [['packed'], 'compressed with gzip'],
    [['binary'], 'these bytes are not'],
    [['broken.gz'], 'not compressed with gzip'],
    [['a.log', '--format', 'xml'], '--format xml is not known'],
    [['a.log', '--classes', 'deadlok'], 'Did you mean deadlock?'],
    [['a.log', '--since', 'yesterday'], '--since yesterday is not a time'],
    [['a.log', '--format', 'csv', '--prefix', '%m '], '--prefix is of the plain log'],
    [[], 'which file?'],
  ])('%j', async ([file, ...options], words) => {
    const args = file === undefined ? [] : [join(dir, file)]
    const { exitCode, out, note } = await run('logs', 'parse', ...args, ...options)
    expect(exitCode).toBe(EXIT.usage)
    expect(out).toBe('')
    expect(note).toContain(words)
  })

  test('an action that there is not', async () => {
    expect((await run('logs', 'tail', log)).note).toContain('"logs tail" is not known')
    expect((await run('logs')).note).toContain('parse?')
  })
})
