// Lines a second and memory of `pgsteward logs parse` against pgBadger, on the same files, alternating. Needs pgbadger and GNU time.

import { type ChildProcess, spawn } from 'node:child_process'
import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type BenchFormat, writeLog } from './logs-data.ts'
import { show, spreadOf, writeResults } from './measure.ts'

const MB = 1024 ** 2
const ROUNDS = 3
/** pgBadger reads about a megabyte in a second of CPU. */
const FILES: readonly (readonly [format: BenchFormat, name: string, bytes: number])[] = [
  ['stderr', 'postgresql.log', 48 * MB],
  ['csv', 'postgresql.csv', 24 * MB],
  ['json', 'postgresql.json', 24 * MB],
]
const STREAM_BYTES = 2 * 1024 * MB
const PREFIX = '%m [%p] %q%u@%d '
const COMMAND = resolve(import.meta.dirname, '../packages/pgsteward/bin/pgsteward.js')

interface Cost {
  readonly cpuSeconds: number
  readonly peakBytes: number
}

export async function run(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-bench-logs-'))
  try {
    const rows: string[] = []
    const small = join(dir, 'small.log')
    writeFileSync(
      small,
      '2026-11-22 10:00:00.000 UTC [1] LOG:  database system is ready to accept connections\n',
    )
    const start = await cost(dir, pgsteward(['logs', 'parse', small]))
    const pgbadgerStart = await cost(dir, ['pgbadger', '--version'])
    const starts = [pgbadgerStart, start, start].map(({ cpuSeconds }) => cpuSeconds)
    for (const [format, name, bytes] of FILES) {
      const path = join(dir, name)
      const { lines } = await writeLog(path, format, bytes)
      rows.push(...(await compared(dir, path, format, lines, starts)))
    }
    const stream = await ofStream(dir, join(dir, 'postgresql.log'))
    writeResults(
      'logs',
      'Reading logs: `pgsteward logs parse` and pgBadger',
      [
        '| File | Program | lines/s | MB/s | times pgBadger | without their starts | peak MB resident |',
        '|---|---|---|---|---|---|---|',
        ...rows,
        '',
        `Per second of CPU (user and system, by GNU time), one core each, the start of the program included (${start.cpuSeconds.toFixed(1)} s and ${mb(start.peakBytes)} MB for pgsteward from its sources; a longer log pays it once, hence the column without). ${ROUNDS} rounds, alternating, on the same files: \`${PREFIX}\`, csvlog and jsonlog with connections, durations, parameters, errors with their statements, autovacuum, checkpoints, temporary files, lock waits, deadlocks and auto_explain plans; ratios are of medians. pgBadger ${await pgbadgerVersion()} as \`pgbadger -q -j 1\`, which also draws its report; pgsteward as \`logs parse FILE\`, with the summary, and as \`logs parse FILE --json\` to /dev/null; both with redaction, which pgBadger does not do.`,
        '',
        `Memory over a stream of 2 GB (the plain log again and again through a pipe, ${stream.lines.toLocaleString('en-US')} lines): ${mb(stream.peakBytes)} MB at most, ${stream.cpuSeconds.toFixed(0)} s of CPU, ${(stream.lines / stream.cpuSeconds).toFixed(0)} lines/s, summary.`,
      ].join('\n'),
    )
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

async function compared(
  dir: string,
  path: string,
  format: BenchFormat,
  lines: number,
  starts: readonly number[],
): Promise<string[]> {
  const sizeMb = statSync(path).size / MB
  const how =
    format === 'stderr' ? ['-f', 'stderr', '-p', PREFIX] : ['-f', format === 'csv' ? 'csv' : 'jsonlog']
  const programs: readonly (readonly [name: string, command: readonly string[]])[] = [
    [
      'pgBadger',
      ['pgbadger', '-q', '-j', '1', '--pid-dir', dir, ...how, '-o', join(dir, 'report.html'), path],
    ],
    ['pgsteward, summary', pgsteward(['logs', 'parse', path])],
    ['pgsteward, JSON', pgsteward(['logs', 'parse', path, '--json'])],
  ]
  const costs = programs.map((): Cost[] => [])
  for (let round = 0; round < ROUNDS; round++)
    for (const [at, [name, command]] of programs.entries()) {
      const one = await cost(dir, command)
      process.stderr.write(
        `${format}, round ${round + 1}, ${name}: ${one.cpuSeconds.toFixed(1)} s, ${mb(one.peakBytes)} MB\n`,
      )
      costs[at]!.push(one)
    }
  const perSecond = costs.map((each) => spreadOf(each.map(({ cpuSeconds }) => lines / cpuSeconds)))
  const bare = costs.map(
    (each, at) => lines / (spreadOf(each.map(({ cpuSeconds }) => cpuSeconds)).median - starts[at]!),
  )
  return programs.map(([name], at) => {
    const rate = perSecond[at]!
    const size = (rate.median / lines) * sizeMb
    const peak = Math.max(...costs[at]!.map(({ peakBytes }) => peakBytes))
    const file = `${format}, ${sizeMb.toFixed(0)} MB, ${lines.toLocaleString('en-US')} lines`
    return `| ${at === 0 ? file : ''} | ${name} | ${show(rate, 0)} | ${size.toFixed(1)} | ${(rate.median / perSecond[0]!.median).toFixed(1)} | ${(bare[at]! / bare[0]!).toFixed(1)} | ${mb(peak)} |`
  })
}

async function ofStream(dir: string, path: string): Promise<Cost & { readonly lines: number }> {
  const lines = readFileSync(path, 'latin1').split('\n').length - 1
  const times = Math.ceil(STREAM_BYTES / statSync(path).size)
  const { cpuSeconds, peakBytes } = await cost(dir, pgsteward(['logs', 'parse', '-']), async (child) => {
    for (let time = 0; time < times; time++)
      for await (const chunk of createReadStream(path))
        if (!child.stdin!.write(chunk)) await new Promise((drained) => child.stdin!.once('drain', drained))
    child.stdin!.end()
  })
  return { cpuSeconds, peakBytes, lines: lines * times }
}

/** With the flags of the command's first line. */
function pgsteward(args: readonly string[]): readonly string[] {
  return [process.execPath, '--max-semi-space-size=2', COMMAND, ...args]
}

async function cost(
  dir: string,
  command: readonly string[],
  feed?: (child: ChildProcess) => Promise<void>,
): Promise<Cost> {
  const report = join(dir, 'time.txt')
  const child = spawn('time', ['-f', '%U %S %M', '-o', report, ...command], {
    stdio: [feed === undefined ? 'ignore' : 'pipe', 'ignore', 'inherit'],
  })
  const ended = new Promise<number | null>((end, fail) => child.once('exit', end).once('error', fail))
  await feed?.(child)
  const exitCode = await ended
  if (exitCode !== 0) throw new Error(`${command.join(' ')} ended with exit code ${exitCode}`)
  const [user, system, peakKb] = readFileSync(report, 'utf8').trim().split(/\s+/).map(Number)
  return { cpuSeconds: user! + system!, peakBytes: peakKb! * 1024 }
}

const mb = (bytes: number): string => (bytes / MB).toFixed(0)

async function pgbadgerVersion(): Promise<string> {
  const child = spawn('pgbadger', ['--version'])
  let text = ''
  child.stdout.on('data', (chunk) => {
    text += chunk
  })
  await new Promise((end) => child.once('close', end))
  return /[\d.]+/.exec(text)?.[0] ?? ''
}
