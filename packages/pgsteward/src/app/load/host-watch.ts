// What the machine did while a load run went on, the generator included: on a saturated host every latency is the scheduler's, and on
// a virtual one whose host is busy elsewhere it is that host's.

import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'

export interface HostFigures {
  /** Share of all cores that was busy since the watch began, 0 to 1; null: the platform does not tell. */
  readonly hostBusyRatio: number | null
  /** Share of all cores' time that the host gave to others since then; null: not told (only Linux counts it). */
  readonly hostStolenRatio: number | null
}

export interface HostSources {
  readonly cores: () => readonly Pick<ReturnType<typeof cpus>[number], 'times'>[]
  /** The first line of /proc/stat; null where there is none. */
  readonly ticks: () => string | null
}

const THIS_MACHINE: HostSources = { cores: cpus, ticks: procStat }

/** Figures from now until the answer is asked for. */
export function watchHost(sources: HostSources = THIS_MACHINE): () => HostFigures {
  const cores = coreTimes(sources.cores())
  const ticks = stolenTicks(sources.ticks())
  return () => {
    const [coresNow, ticksNow] = [coreTimes(sources.cores()), stolenTicks(sources.ticks())]
    return {
      hostBusyRatio: shareOf(coresNow.busy - cores.busy, coresNow.all - cores.all),
      hostStolenRatio:
        ticks === null || ticksNow === null
          ? null
          : shareOf(ticksNow.stolen - ticks.stolen, ticksNow.all - ticks.all),
    }
  }
}

function shareOf(part: number, all: number): number | null {
  return all <= 0 ? null : Math.min(1, Math.max(0, part / all))
}

function coreTimes(cores: ReturnType<HostSources['cores']>): { readonly busy: number; readonly all: number } {
  let [busy, all] = [0, 0]
  for (const { times } of cores) {
    const own = times.user + times.nice + times.sys + times.irq
    busy += own
    all += own + times.idle
  }
  return { busy, all }
}

/** user nice system idle iowait irq softirq steal, in ticks (proc(5)); what guests used is in user already. */
function stolenTicks(line: string | null): { readonly stolen: number; readonly all: number } | null {
  const ticks = line?.trim().split(/\s+/).slice(1, 9).map(Number) ?? []
  return ticks.length === 8 && ticks.every(Number.isFinite)
    ? { stolen: ticks[7]!, all: ticks.reduce((sum, each) => sum + each, 0) }
    : null
}

function procStat(): string | null {
  try {
    return readFileSync('/proc/stat', 'utf8').split('\n', 1)[0] ?? null
  } catch {
    return null
  }
}
