// A server that hangs: all of its processes are stopped where they are, as by a host that swaps or a suspended machine.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LocalServer } from '../../packages/pgsteward/src/postgres/local-server.ts'

/** Returns what lets it go on; twice is once. */
export function pauseServer(server: LocalServer): () => void {
  const postmaster = Number(readFileSync(join(server.dir, 'data/postmaster.pid'), 'utf8').split('\n')[0])
  // the postmaster first: it would see to those who are stopped
  const pids = [postmaster, ...childrenOf(postmaster)]
  for (const pid of pids) send(pid, 'SIGSTOP')
  let isPaused = true
  return () => {
    if (!isPaused) return
    isPaused = false
    for (const pid of pids.reverse()) send(pid, 'SIGCONT')
  }
}

function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      // after the command's name in brackets, which may hold anything: state, then the parent
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent ? [Number(name)] : []
    } catch {
      return []
    }
  })
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // it has ended meanwhile
  }
}
