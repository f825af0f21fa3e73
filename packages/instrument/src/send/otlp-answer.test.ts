import { describe, expect, test } from 'vitest'
import { answerOf } from './otlp-answer.ts'

const of = (statusCode: number, body = '', headers = {}) => answerOf({ statusCode, headers }, body)

describe('an answer means', () => {
  test.each([
    '{}',
    '',
    'rubbish',
    '[1',
    'null',
    '{"partialSuccess":7}',
    '{"partialSuccess":{"errorMessage":"warned"}}',
  ])('taken for a 200 with %j', (body) => expect(of(200, body)).toEqual({ kind: 'taken', rejected: 0 }))

  test.each([
    ['{"partialSuccess":{"rejectedDataPoints":"3"}}', 3],
    ['{"partialSuccess":{"rejectedLogRecords":2}}', 2],
    ['{"partialSuccess":{"rejectedDataPoints":"-3"}}', 0],
    ['{"partialSuccess":{"rejectedDataPoints":"many"}}', 0],
  ])('taken but for some with %s', (body, rejected) =>
    expect(of(200, body)).toEqual({ kind: 'taken', rejected }),
  )

  test.each([429, 502, 503, 504])('again for %i', (status) => {
    expect(of(status)).toEqual({ kind: 'again', because: `HTTP ${status}`, afterMs: null })
  })

  test.each([301, 400, 401, 403, 404, 413, 500, 501])('refused for %i', (status) => {
    expect(of(status)).toEqual({ kind: 'refused', because: `HTTP ${status}` })
  })

  test.each([
    ['7', 7000],
    ['0', 0],
    ['-5', 0],
    ['999999', 300_000],
    ['Mon, 01 Jan 2001 00:00:00 GMT', 0],
    ['soon', null],
  ])('again after %s', (header, afterMs) => {
    expect(of(429, '', { 'retry-after': header })).toMatchObject({ kind: 'again', afterMs })
  })
})
