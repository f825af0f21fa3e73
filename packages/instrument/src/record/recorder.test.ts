import { describe, expect, it } from 'vitest'
import { options } from '../../test/pg/options.ts'
import { endpointOf } from '../listen/pg-endpoint.ts'
import { Recorder } from './recorder.ts'

const endpoint = endpointOf('db', 5432, 'app')
const query = (text: string) => ({ text, durationMs: 1, endpoint })

describe('the recorder is bounded (I7)', () => {
  it('in statements: the least recently used goes, what it did is told, and both are counted', () => {
    const recorder = new Recorder(options({ maxStatements: 50 }))
    for (let n = 0; n < 60; n++) {
      recorder.recordQuery(query('select 1 from often'))
      recorder.recordQuery(query(`select 1 from t${n}`))
    }
    const { queries, dropped } = recorder.drain(0)
    expect(queries.find(({ text }) => text === 'select 1 from often')!.duration.count).toBe(60)
    expect(queries).toHaveLength(61)
    expect(dropped).toEqual({ statements: 11 })
    expect(recorder.queries.table.size).toBe(50)
  })

  it('in statements that are evicted before they were told', () => {
    const recorder = new Recorder(options({ maxStatements: 4 }))
    for (let n = 0; n < 10; n++) recorder.recordQuery(query(`select 1 from t${n}`))
    const { queries, dropped } = recorder.drain(0)
    expect(queries).toHaveLength(5)
    expect(dropped).toEqual({ statements: 6, queries: 5 })
  })

  it('in routes of a statement', () => {
    const recorder = new Recorder(options())
    for (let n = 0; n < 100; n++) {
      const context = recorder.beginRequest('GET')
      recorder.recordQuery({ ...query('select 1'), context })
      recorder.endRequest(context, `/route/${n}`, 200)
    }
    const { queries, dropped } = recorder.drain(0)
    expect(queries).toHaveLength(65)
    expect(queries.find(({ route }) => route === '(other)')!.duration.count).toBe(36)
    expect(dropped).toEqual({ routes: 36 })
  })

  it('in what a request keeps until its end', () => {
    const recorder = new Recorder(options())
    const context = recorder.beginRequest('GET')
    for (let n = 0; n < 2500; n++) recorder.recordQuery({ ...query('select 1'), context })
    expect(context.entryCount).toBeLessThan(1000)
    recorder.endRequest(context, '/a', 200)
    const { queries, requests } = recorder.drain(0)
    expect(queries.reduce((sum, { duration }) => sum + duration.count, 0)).toBe(2500)
    expect(requests).toMatchObject([{ queries: 2500, queryMs: 2500 }])
  })

  it('in slow queries, of which the slowest stay', () => {
    const recorder = new Recorder(options({ slowQueryMs: 1 }))
    for (let n = 1; n <= 300; n++) recorder.recordQuery({ ...query('select 1'), durationMs: n })
    const { slowQueries, dropped } = recorder.drain(0)
    expect(slowQueries).toHaveLength(200)
    expect(Math.min(...slowQueries.map(({ durationMs }) => durationMs))).toBe(101)
    expect(dropped).toEqual({ slowQueries: 100 })
  })

  it('in metrics, and in long texts', () => {
    const recorder = new Recorder(options())
    for (let n = 0; n < 2500; n++)
      recorder.recordMetric({ name: `m${n}`, kind: 'count', unit: '1', value: 1 })
    recorder.recordQuery(query(`insert into a values ${'($1, $2), '.repeat(100_000)}($1, $2)`))
    const { metrics, queries, dropped } = recorder.drain(0)
    expect(metrics).toHaveLength(2000)
    expect(dropped).toEqual({ metrics: 500 })
    expect(queries[0]!.text).toHaveLength(4096)
  })
})

describe('what is drained', () => {
  it('is empty the next time', () => {
    const recorder = new Recorder(options(), 1)
    recorder.recordQuery(query('select 1'))
    expect(recorder.drain(5)).toMatchObject({ from: 1, to: 5, queries: [{ rows: 0 }] })
    expect(recorder.drain(9)).toEqual({
      from: 5,
      to: 9,
      queries: [],
      requests: [],
      calls: [],
      metrics: [],
      pools: [],
      slowQueries: [],
      repeats: [],
      dropped: {},
    })
  })

  it('has statements by fingerprint, whatever their literals', () => {
    const recorder = new Recorder(options())
    for (let n = 0; n < 500; n++)
      recorder.recordQuery(
        query(
          `select * from a where b = ${n} and c in (${Array((n % 5) + 1)
            .fill(n)
            .join()})`,
        ),
      )
    expect(recorder.drain(0).queries).toMatchObject([{ duration: { count: 500 } }])
    expect(recorder.queries.table.size).toBe(1)
  })

  it('has metrics by name and attributes: durations, counts, levels', () => {
    const recorder = new Recorder(options())
    const base = { name: 'm', unit: '1', attributes: { a: 'x' } } as const
    recorder.recordMetric({ ...base, kind: 'count', value: 2 })
    recorder.recordMetric({ ...base, kind: 'count', value: 3, failed: true })
    recorder.recordMetric({ ...base, kind: 'level', value: 2 })
    recorder.recordMetric({ ...base, kind: 'level', value: 1 })
    recorder.recordMetric({ ...base, kind: 'duration', durationMs: 8 })
    recorder.recordMetric({ ...base, kind: 'count', value: 1, attributes: { a: 'y' } })
    expect(recorder.drain(0).metrics).toMatchObject([
      { kind: 'count', value: 5, errors: 1, duration: null, attributes: { a: 'x' } },
      { kind: 'level', value: 1 },
      { kind: 'duration', duration: { count: 1, sumMs: 8 } },
      { kind: 'count', value: 1, attributes: { a: 'y' } },
    ])
  })

  it('asks for places: of the first calls, then ever more rarely while it is the same place', () => {
    const recorder = new Recorder(options())
    const statement = recorder.queries.table.of('select 1')
    const site = { file: 'a.ts', line: 1, function: null }
    const asked: number[] = []
    for (let call = 1; call <= 8000; call++)
      if (recorder.wantsCallSite(statement)) {
        asked.push(call)
        statement.sawSite(site)
      }
    expect(asked.slice(0, 3)).toEqual([1, 2, 3])
    expect(asked.length).toBeGreaterThanOrEqual(3 + 7)
    expect(asked.length).toBeLessThan(3 + 8000 / 256)
    statement.sawSite({ ...site, line: 2 })
    const next = Array.from({ length: 64 }, () => recorder.wantsCallSite(statement))
    expect(next).toContain(true)
  })

  it('ends a request once', () => {
    const recorder = new Recorder(options())
    const context = recorder.beginRequest('get')
    recorder.endRequest(context, '/a', 200)
    recorder.endRequest(context, '/b', 500)
    expect(recorder.drain(0).requests).toMatchObject([
      { method: 'GET', route: '/a', statusCode: 200, duration: { count: 1 } },
    ])
    expect(recorder.beginRequest('BREW').method).toBe('BREW')
  })
})
