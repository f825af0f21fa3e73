import { describe, expect, test } from 'vitest'
import { edge, sampleAt, sampled } from '../../../test/activity/samples.ts'
import type { BlockingEdge } from './blocking-edges.ts'
import { IncidentTracker } from './incident-tracker.ts'

const sessions = [1, 2, 3, 4, 5].map((pid) => sampled(pid))
const trackerOf = () => {
  const tracker = new IncidentTracker({ fromMs: 1_000 })
  /** At second n, who waits for whom. */
  const at = (second: number, ...edges: readonly BlockingEdge[]) =>
    tracker.note(sampleAt(second, sessions, edges))
  return { tracker, at }
}
const told = (changes: ReturnType<IncidentTracker['note']>) =>
  changes.map((each) => [
    each.root.pid,
    each.endedAt === null ? 'began' : 'ended',
    each.peakWaiting,
    each.lostMs,
  ])

describe('an incident', () => {
  test('begins when somebody has waited for a second, grows, keeps its worst moment and ends once', () => {
    const { tracker, at } = trackerOf()
    expect(told(at(0, edge(2, [1], 400)))).toEqual([])
    expect(told(at(1, edge(2, [1], 1_400)))).toEqual([[1, 'began', 1, 1_400]])
    expect(told(at(2, edge(2, [1], 2_400), edge(3, [2], 500)))).toEqual([])
    expect(told(at(3, edge(2, [1], 3_400)))).toEqual([])
    expect(tracker.live()).toMatchObject([{ longestWaitMs: 3_400, waiting: [{ pid: 2 }, { pid: 3 }] }])
    // one sample may miss it
    expect(told(at(4))).toEqual([])
    expect(told(at(5))).toEqual([[1, 'ended', 2, 1_400 + 2_000 + 1_000]])
    expect(told(at(6))).toEqual([])
    expect(tracker.live()).toEqual([])
  })

  test('of a wait that was long already at the first look begins where the wait did', () => {
    const { at } = trackerOf()
    const [incident] = at(100, edge(2, [1], 90_000))
    expect(incident!.startedAt).toEqual(sampleAt(10, []).at)
  })

  test('is one for each root, and who waits for both stands in both', () => {
    const { at } = trackerOf()
    expect(told(at(0, edge(3, [1, 2], 2_000), edge(4, [2], 1_500)))).toEqual([
      [2, 'began', 2, 3_500],
      [1, 'began', 1, 2_000],
    ])
  })

  test('that is handed over is another one, which names the first', () => {
    const { tracker, at } = trackerOf()
    const [first] = at(0, edge(2, [1], 2_000), edge(3, [2], 1_900))
    expect(told(at(1, edge(3, [2], 2_900)))).toEqual([[1, 'ended', 2, 3_900]])
    // behind the new root for no time yet
    expect(told(at(2, edge(3, [2], 3_900)))).toMatchObject([[2, 'began', 1, 1_000]])
    expect(tracker.live()).toMatchObject([{ handedOverFrom: first!.id, longestWaitMs: 1_000 }])
  })

  test('is none where the root changes with each look, as on a row that many update in turn', () => {
    const { at } = trackerOf()
    for (let second = 0; second < 10; second++) {
      const root = 1 + (second % 3)
      expect(told(at(second, edge(5, [root], 1_000 * second + 500), edge(4, [root], 300)))).toEqual([])
    }
  })

  test('is none while the chain is a circle, which has no root', () => {
    const { at } = trackerOf()
    expect(told(at(0, edge(1, [2], 5_000), edge(2, [1], 5_000)))).toEqual([])
  })

  test('stays as it was while who blocks whom was not asked', () => {
    const { tracker, at } = trackerOf()
    at(0, edge(2, [1], 2_000))
    expect(tracker.note(sampleAt(1, sessions, null))).toEqual([])
    expect(tracker.note(sampleAt(2, sessions, null))).toEqual([])
    expect(tracker.live()).toHaveLength(1)
    expect(tracker.endAll()).toMatchObject([{ endedAt: sampleAt(0, []).at }])
  })

  test('of a root that commits and goes on is over: its next transaction is another root', () => {
    const tracker = new IncidentTracker({ fromMs: 1_000 })
    const withRoot = (second: number, transactionKey: number, waitedMs: number) =>
      tracker.note(sampleAt(second, [sampled(1, { transactionKey }), sampled(2)], [edge(2, [1], waitedMs)]))
    expect(told(withRoot(0, 1, 3_000))).toEqual([[1, 'began', 1, 3_000]])
    expect(told(withRoot(1, 2, 200))).toEqual([[1, 'ended', 1, 3_000]])
  })

  test('of two hundred that wait keeps fifty, and counts them all', () => {
    const tracker = new IncidentTracker({ fromMs: 1_000 })
    const pids = [...Array(201).keys()].map((each) => each + 1)
    const edges = pids.slice(1).map((pid) => edge(pid, [1], 2_000))
    tracker.note(
      sampleAt(
        0,
        pids.map((pid) => sampled(pid)),
        edges,
      ),
    )
    expect(tracker.live()[0]).toMatchObject({ peakWaiting: 200 })
    expect(tracker.live()[0]!.waiting).toHaveLength(50)
  })
})
