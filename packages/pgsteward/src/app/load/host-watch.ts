// How busy this machine is while a load run goes on, the generator included: on a saturated host every latency is the scheduler's.

import { cpus } from 'node:os'

export interface HostWatch {
  /** Share of all cores that was busy since the watch began, 0 to 1; null: the platform does not tell. */
  readonly busyRatio: () => number | null
}

interface CpuTimes {
  readonly busy: number
  readonly all: number
}

export function watchHost(
  read: () => readonly Pick<ReturnType<typeof cpus>[number], 'times'>[] = cpus,
): HostWatch {
  const before = sum(read())
  return {
    busyRatio: () => {
      const now = sum(read())
      const all = now.all - before.all
      return all <= 0 ? null : Math.min(1, Math.max(0, (now.busy - before.busy) / all))
    },
  }
}

function sum(cores: readonly Pick<ReturnType<typeof cpus>[number], 'times'>[]): CpuTimes {
  let [busy, all] = [0, 0]
  for (const { times } of cores) {
    const own = times.user + times.nice + times.sys + times.irq
    busy += own
    all += own + times.idle
  }
  return { busy, all }
}
