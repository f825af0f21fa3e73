// One command of pgsteward from beginning to end.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'

const PGSTEWARD = resolve(import.meta.dirname, '../../packages/pgsteward/bin/pgsteward.js')

export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export async function runCommand(cwd: string, ...args: readonly string[]): Promise<Ran> {
  const child = spawn(process.execPath, [PGSTEWARD, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const texts = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (data) => {
    texts.out += data
  })
  child.stderr.setEncoding('utf8').on('data', (data) => {
    texts.err += data
  })
  const [code] = await once(child, 'close')
  return { code, ...texts }
}
