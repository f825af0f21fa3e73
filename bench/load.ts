// The built-in load engine against autocannon and wrk (and k6 where it is on the PATH): requests a generator makes of a second of CPU, and
// what each says of p99 when the server stalls. Needs Linux (/proc) and wrk. BENCH_LOAD_SCALE=0.3 is a quick look.

import { type ChildProcess, fork, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  clockMs,
  type ServerKind,
  type ServerWord,
  STALL_EVERY_MS,
  STALL_MS,
  type Stall,
} from './load-server.ts'
import { hasProgram, STALL_RATE, stallTools, type Told, type Tool, throughputTools } from './load-tools.ts'
import { show, spreadOf, writeResults } from './measure.ts'

const SCALE = Number(process.env.BENCH_LOAD_SCALE ?? 1)
const ROUNDS = Math.max(1, Math.round(3 * SCALE))
/** Longer than a sample takes on any machine: the generator is ended once it is taken. */
const THROUGHPUT_SECONDS = 300
const STALL_SECONDS = Math.max(6, Math.round(14 * SCALE))
const STALL_ROUNDS = Math.max(1, Math.round(3 * SCALE))
/** Of CPU, not of time: on a busy machine a just-in-time compiler takes long to warm up. */
const WARM_UP_CPU_SECONDS = 2
const SAMPLE_CPU_SECONDS = 3
/** The kernel's unit of /proc/PID/stat, the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100

interface Server {
  readonly url: string
  readonly ask: () => Promise<{ answered: number; stalls: readonly Stall[] }>
  readonly stop: () => void
}

export async function run(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'pgsteward-bench-load-'))
  try {
    const throughput = [
      ...(await throughputOf('http', 'Node http server', dir)),
      ...(await throughputOf('raw', 'raw TCP stub', dir)),
    ]
    const stall = await stallRows(dir)
    writeResults(
      'load',
      'Load generators: the built-in engine, autocannon and wrk',
      [
        '## Requests per second of the generator’s CPU',
        '',
        '| Server | Generator | requests per CPU-second | times ours |',
        '|---|---|---|---|',
        ...throughput,
        '',
        `Closed loop, 20 connections, keep-alive, one thread, ${ROUNDS} rounds, alternating${hasPinning() ? ', the generator on one core and the server on another (taskset)' : ''}. Requests are counted by the server, CPU (user and system, all threads) is that of the generator’s process by /proc, both over ${SAMPLE_CPU_SECONDS} s of CPU after the first ${WARM_UP_CPU_SECONDS}, so no program pays for its start.${hasProgram('k6') ? '' : ' No k6 on the PATH; measured elsewhere with the same script 16,000.'}`,
        '',
        `## What is said of a server that stalls ${STALL_MS} ms every ${STALL_EVERY_MS / 1000} s`,
        '',
        '| Generator | requests | p50 | p99 said | p99 in truth | error of p99 | max |',
        '|---|---|---|---|---|---|---|',
        ...stall,
        '',
        `The truth is computed from the server’s own log of its stalls: the wait of arrivals evenly spaced at ${STALL_RATE}/s over the time in which the generator ran, which is what users who do not wait for each other get. ${STALL_SECONDS} s each, ${STALL_ROUNDS} ${STALL_ROUNDS === 1 ? 'round' : 'rounds'}: the errors are of every round, the other columns of the one whose error is in the middle (of two: the lesser). A closed loop can’t tell it, ours as little as any other: while the server stalls, its users wait and do not arrive. pgsteward therefore marks runs by their model and never compares one with the other. wrk fills in what it missed once, at its end, from the mean interval.`,
      ].join('\n'),
    )
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

async function throughputOf(kind: ServerKind, title: string, dir: string): Promise<readonly string[]> {
  const tools = throughputTools(dir)
  const results = new Map<Tool, number[]>(tools.map((tool) => [tool, []]))
  const server = await startServer(kind)
  try {
    for (let round = 0; round < ROUNDS; round++)
      for (const tool of tools) {
        const perCpuSecond = await efficiency(tool, server)
        process.stderr.write(`${title}, ${tool.name}: ${Math.round(perCpuSecond)} per CPU-second\n`)
        results.get(tool)!.push(perCpuSecond)
      }
  } finally {
    server.stop()
  }
  const ours = spreadOf(results.get(tools[0]!)!).median
  return tools.map((tool) => {
    const spread = spreadOf(results.get(tool)!)
    return `| ${title} | ${tool.name} | ${show(spread, 0)} | ${(spread.median / ours).toFixed(2)} |`
  })
}

async function efficiency(tool: Tool, server: Server): Promise<number> {
  const { child, ended } = start(tool, server.url, THROUGHPUT_SECONDS)
  const hasUsed = async (seconds: number) => {
    while (cpuSeconds(child.pid!) < seconds) await Promise.race([wait(20), ended])
    return { ...(await server.ask()), cpuSeconds: cpuSeconds(child.pid!) }
  }
  const before = await hasUsed(WARM_UP_CPU_SECONDS)
  const after = await hasUsed(before.cpuSeconds + SAMPLE_CPU_SECONDS)
  ended.catch(() => {})
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('close', resolve))
  return (after.answered - before.answered) / (after.cpuSeconds - before.cpuSeconds)
}

async function stallRows(dir: string): Promise<readonly string[]> {
  const tools = stallTools(dir)
  const said = new Map<Tool, { told: Told; truthMs: number }[]>(tools.map((tool) => [tool, []]))
  const server = await startServer('stall')
  try {
    for (let round = 0; round < STALL_ROUNDS; round++)
      for (const tool of tools) {
        const fromMs = clockMs()
        const { ended } = start(tool, server.url, STALL_SECONDS)
        const told = tool.read(await ended)
        const truthMs = truth((await server.ask()).stalls, fromMs, clockMs())
        process.stderr.write(`${tool.name}: p99 ${told.p99Ms} ms, in truth ${truthMs.toFixed(1)} ms\n`)
        said.get(tool)!.push({ told, truthMs })
      }
  } finally {
    server.stop()
  }
  return tools.map((tool) => {
    const rounds = [...said.get(tool)!].sort((a, b) => errorOf(a) - errorOf(b))
    const { told, truthMs } = rounds[Math.floor((rounds.length - 1) / 2)]!
    const ms = (value: number | null) =>
      value === null ? '-' : `${value < 10 ? value.toFixed(2) : value.toFixed(0)} ms`
    const errors = rounds.map((round) => {
      const error = (round.told.p99Ms! / round.truthMs - 1) * 100
      return `${error > 0 ? '+' : ''}${error.toFixed(1)}`
    })
    return `| ${tool.name} | ${told.requests ?? '-'} | ${ms(told.p50Ms)} | ${ms(told.p99Ms)} | ${ms(truthMs)} | ${errors.join(', ')} % | ${ms(told.maxMs)} |`
  })
}

function errorOf({ told, truthMs }: { told: Told; truthMs: number }): number {
  return Math.abs(told.p99Ms! / truthMs - 1)
}

/** p99 of the wait of evenly spaced arrivals over whole periods of the stall, by the stalls as they were. */
function truth(stalls: readonly Stall[], fromMs: number, toMs: number): number {
  const seen = stalls.filter((stall) => stall.fromMs >= fromMs && stall.toMs <= toMs)
  const first = seen[0]!.fromMs
  const last = seen.at(-1)!.fromMs
  const waits: number[] = []
  for (let at = first; at < last; at += 1000 / STALL_RATE) {
    const stall = seen.find((each) => each.fromMs <= at && at < each.toMs)
    waits.push(stall === undefined ? 0 : stall.toMs - at)
  }
  waits.sort((a, b) => a - b)
  return waits[Math.ceil(waits.length * 0.99) - 1]!
}

function start(tool: Tool, url: string, seconds: number): { child: ChildProcess; ended: Promise<string> } {
  const [program, ...args] = [...pinned(0), ...tool.command(url, seconds)]
  const child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk
  })
  const ended = new Promise<string>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0
        ? resolve(stdout)
        : reject(new Error(`${tool.name} ended with ${code}: ${stderr.slice(-2000)}`)),
    )
  })
  return { child, ended }
}

async function startServer(kind: ServerKind): Promise<Server> {
  const child = fork(join(import.meta.dirname, 'load-server.ts'), [kind], { execArgv: [] })
  const next = () => new Promise<ServerWord>((resolve) => child.once('message', resolve))
  const begun = await next()
  if (hasPinning()) spawn('taskset', ['-cp', '1', String(child.pid)], { stdio: 'ignore' })
  return {
    url: `http://127.0.0.1:${'port' in begun ? begun.port : 0}`,
    ask: async () => {
      const word = next()
      child.send('tell')
      return (await word) as { answered: number; stalls: readonly Stall[] }
    },
    stop: () => child.disconnect(),
  }
}

function hasPinning(): boolean {
  return cpus().length > 1 && hasProgram('taskset')
}

/** taskset replaces itself by the program, so the process is the generator's. */
function pinned(core: number): readonly string[] {
  return hasPinning() ? ['taskset', '-c', String(core)] : []
}

/** User and system of all threads of a process, without its children (env and sh would hide theirs). */
function cpuSeconds(pid: number): number {
  let ticks = 0
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    // the name in parentheses may hold spaces
    const fields = readFileSync(`/proc/${pid}/task/${task}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
    ticks += Number(fields[11]) + Number(fields[12])
  }
  return ticks / TICKS_PER_SECOND
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
