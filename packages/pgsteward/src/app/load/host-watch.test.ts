import { expect, test } from 'vitest'
import { type HostSources, watchHost } from './host-watch.ts'

const core = (busy: number, idle: number) => ({ times: { user: busy, nice: 0, sys: 0, irq: 0, idle } })

/** What is read first, then what is read next. */
function sources(ticks: readonly (string | null)[], cores = [[core(0, 0)], [core(30, 70)]]): HostSources {
  const [nextTicks, nextCores] = [[...ticks], [...cores]]
  return { ticks: () => nextTicks.shift() ?? null, cores: () => nextCores.shift()! }
}

test('what was busy and what was stolen, between the two readings', () => {
  const figures = watchHost(sources(['cpu  100 0 50 800 10 0 0 40 7 0', 'cpu  150 0 60 870 10 0 0 60 9 0']))
  expect(figures()).toEqual({ hostBusyRatio: 0.3, hostStolenRatio: 20 / 150 })
})

test.each([
  ['there is no /proc/stat', [null, null]],
  ['an old kernel counts no steal', ['cpu 1 2 3 4', 'cpu 2 3 4 5']],
  ['no time has passed', ['cpu 1 0 0 1 0 0 0 0', 'cpu 1 0 0 1 0 0 0 0']],
])('stolen time is not told where %s', (_, ticks) => {
  expect(watchHost(sources(ticks))().hostStolenRatio).toBeNull()
})

test('where nothing moved, or nothing is told, it is not known how busy it was', () => {
  expect(watchHost(sources([], [[], []]))().hostBusyRatio).toBeNull()
  expect(watchHost(sources([], [[core(5, 5)], [core(5, 5)]]))().hostBusyRatio).toBeNull()
})

test('this machine tells how busy it is', () => {
  const figures = watchHost()
  const end = performance.now() + 30
  while (performance.now() < end);
  expect(figures().hostBusyRatio).toBeGreaterThan(0)
})
