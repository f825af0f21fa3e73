// What a container leaves of the machine (cgroup v2): the tightest limit from our own group up to the root.

import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import type { Bytes } from '../../model/units.ts'

export interface ContainerLimits {
  /** Cores, as a quota: 1.5; null: no limit. */
  readonly cores: number | null
  readonly memoryBytes: Bytes | null
}

const ROOT = '/sys/fs/cgroup'

export function containerLimits(read: (path: string) => string | null = readText): ContainerLimits {
  const own = /^0::(\/.*)$/m.exec(read('/proc/self/cgroup') ?? '')?.[1]
  if (own === undefined) return { cores: null, memoryBytes: null }
  const limits: { cores: number | null; memoryBytes: Bytes | null } = { cores: null, memoryBytes: null }
  for (let group = own; ; group = posix.dirname(group)) {
    const folder = posix.join(ROOT, group)
    const [quota, period] = (read(posix.join(folder, 'cpu.max')) ?? 'max').trim().split(/\s+/).map(Number)
    if (Number.isFinite(quota) && (period ?? 0) > 0) limits.cores = least(limits.cores, quota! / period!)
    const memory = Number((read(posix.join(folder, 'memory.max')) ?? 'max').trim())
    if (Number.isFinite(memory) && memory > 0) limits.memoryBytes = least(limits.memoryBytes, memory)
    if (group === '/' || group === '.') return limits
  }
}

function least(a: number | null, b: number): number {
  return a === null ? b : Math.min(a, b)
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
