// A private Prometheus on this machine for tests, and promtool: those on the PATH, or what scripts/bootstrap.mjs unpacked.

import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { delimiter, join, resolve } from 'node:path'
import { vi } from 'vitest'

const UNPACKED = resolve(import.meta.dirname, '../../../../node_modules/.cache/prometheus')

/** Null where there is none. */
export function findProgram(name: 'prometheus' | 'promtool'): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), UNPACKED].filter((each) => each !== '')
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null
}

export interface PrometheusSeries {
  readonly metric: Readonly<Record<string, string>>
  readonly value: number
}

export interface RunningPrometheus {
  readonly query: (expression: string) => Promise<readonly PrometheusSeries[]>
  readonly api: (path: string) => Promise<unknown>
  readonly stop: () => Promise<void>
}

/** Scrapes `host:port` every three seconds. */
export async function startPrometheus(
  dir: string,
  scraped: string,
  rules: string | null = null,
): Promise<RunningPrometheus> {
  mkdirSync(dir, { recursive: true })
  if (rules !== null) writeFileSync(join(dir, 'rules.yml'), rules)
  writeFileSync(
    join(dir, 'prometheus.yml'),
    JSON.stringify({
      // a scrape that takes longer than the interval fails, and this machine may be busy
      global: { scrape_interval: '3s', evaluation_interval: '1s' },
      ...(rules === null ? {} : { rule_files: ['rules.yml'] }),
      scrape_configs: [{ job_name: 'pgsteward', static_configs: [{ targets: [scraped] }] }],
    }),
  )
  const port = await freePort()
  const child = spawn(
    findProgram('prometheus')!,
    [
      `--config.file=${join(dir, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(dir, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let said = ''
  child.stderr.on('data', (data) => {
    said += data
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const api = async (path: string): Promise<unknown> => {
    if (child.exitCode !== null) throw new Error(`prometheus ended: ${said}`)
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`)
    const body = (await response.json()) as { status: string; data: unknown; error?: string }
    if (body.status !== 'success') throw new Error(`${path}: ${body.error}`)
    return body.data
  }
  await vi.waitFor(() => api('status/buildinfo'), { timeout: 60_000, interval: 100 })
  return {
    api,
    query: async (expression) => {
      const { result } = (await api(`query?query=${encodeURIComponent(expression)}`)) as {
        result: readonly { metric: Record<string, string>; value: readonly [number, string] }[]
      }
      return result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }))
    },
    stop: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** What promtool says; throws with it where it complains. */
export function promtool(args: readonly string[], input = ''): string {
  try {
    return execFileSync(findProgram('promtool')!, args, { input, encoding: 'utf8', stdio: 'pipe' })
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string }
    throw new Error(`promtool ${args.join(' ')}: ${stdout ?? ''}${stderr ?? error}`)
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
