import { expect, it } from 'vitest'
import { momentSeries, type RunMoment, runMarks, runSpan, zoomed } from './run-series.ts'

const time = { startedAt: '1970-01-01T00:01:40.000Z', warmUpMs: 0, totalMs: null }
const moment = (second: number, over: Partial<RunMoment> = {}): RunMoment => ({
  atMs: second * 1000,
  offeredPerSecond: 10,
  users: null,
  requestsPerSecond: 20,
  errors: 0,
  p50Ms: 1,
  p95Ms: 2,
  p99Ms: null,
  ...over,
})

it('lines that the run does not have are left out, the others lie in its time', () => {
  const series = momentSeries(time, [moment(1), moment(2, { errors: 3 })])
  expect(series.map(({ name, labels }) => `${name} ${labels.of}`)).toEqual([
    'load-latency p50',
    'load-latency p95',
    'load-rate answered',
    'load-rate offered',
    'load-errors failed',
  ])
  expect(series.at(-1)?.points).toEqual([
    [101, 0],
    [102, 3],
  ])
  expect(momentSeries(time, [])).toEqual([])
})

it('a run under way is drawn over what is planned, and further when it takes longer', () => {
  expect(runSpan({ ...time, totalMs: 60_000 }, [moment(5)])).toEqual({ from: 100, to: 160 })
  expect(runSpan({ ...time, totalMs: 60_000 }, [moment(70)])).toEqual({ from: 100, to: 170 })
  expect(runSpan(time, [])).toEqual({ from: 100, to: 105 })
})

it('brushing looks closer, a range of another page does not', () => {
  const span = { from: 100, to: 200 }
  expect(zoomed(span, new URLSearchParams('from=120&to=150'))).toEqual({ from: 120, to: 150 })
  expect(zoomed(span, new URLSearchParams('from=90&to=150'))).toEqual({ from: 100, to: 150 })
  expect(zoomed(span, new URLSearchParams('from=5000&to=9000'))).toEqual(span)
  expect(zoomed(span, new URLSearchParams())).toEqual(span)
})

it('the end of the warm-up is a mark', () => {
  expect(runMarks({ ...time, warmUpMs: 5000 })).toMatchObject([{ at: 105 }])
  expect(runMarks(time)).toEqual([])
})
