// The program that a check's page gives to reproduce its fault, run as a process of its own, so that the page can't go stale.

import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { vi } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../../../..')
const FILE = 'shop.mjs'

/** The ```js block under "How to reproduce it", and whether a ```sql block comes before it. */
export function programOf(checkId: string): { readonly program: string; readonly needsTables: boolean } {
  const page = readFileSync(`${ROOT}/docs/checks/${checkId}.md`, 'utf8')
  const section = page.split(/^## /m).find((each) => each.startsWith('How to reproduce it')) ?? ''
  const program = /^```js\n([\s\S]*?)^```/m.exec(section)?.[1]
  if (program === undefined) throw new Error(`docs/checks/${checkId}.md has no js block to reproduce it`)
  return { program, needsTables: /^```sql$/m.test(section) }
}

/** `shop.mjs:17`: where in the program the text stands. */
export function lineOf(program: string, part: string): string {
  const index = program.split('\n').findIndex((line) => line.includes(part))
  if (index === -1) throw new Error(`the program has no line with ${part}`)
  return `${FILE}:${index + 1}`
}

export interface RunningProgram {
  /** All at once when `together`, else one after the other; whatever they answer. */
  readonly visit: (path: string, times: number, how?: Visit) => Promise<void>
  readonly stop: () => Promise<void>
}

interface Visit {
  readonly method?: 'GET' | 'POST'
  readonly together?: boolean
}

/** In a folder of its own, whose name is no part of the places that it reports. */
export async function runProgram(
  dir: string,
  program: string,
  env: Readonly<Record<string, string>>,
): Promise<RunningProgram> {
  writeFileSync(join(dir, FILE), program)
  try {
    symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'))
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error
  }
  const port = await freePort()
  const child = spawn(process.execPath, [FILE], {
    cwd: dir,
    env: { ...env, PORT: `${port}` },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let errors = ''
  child.stderr.on('data', (data) => {
    errors += data
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await vi.waitFor(() => listening(child, port, () => errors), { timeout: 60_000, interval: 50 })
  const once = async (path: string, method: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method })
    await response.arrayBuffer()
  }
  return {
    visit: async (path, times, { method = 'GET', together = false } = {}) => {
      if (together) await Promise.all(Array.from({ length: times }, () => once(path, method)))
      else for (let i = 0; i < times; i++) await once(path, method)
    },
    stop: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

function listening(child: ChildProcess, port: number, errors: () => string): Promise<void> {
  if (child.exitCode !== null) throw new Error(`the program ended: ${errors()}`)
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve()
    })
    socket.once('error', () => reject(new Error(`the program does not listen: ${errors()}`)))
  })
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
