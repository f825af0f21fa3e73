import { expect, test } from 'vitest'
import { prometheusText } from './prometheus-text.ts'

test('families have help and type once, values with escaped labels, and leave out what is not known', () => {
  const text = prometheusText([
    {
      name: 'pgsteward_connections',
      help: 'Client connections by state.',
      type: 'gauge',
      samples: [
        { labels: { target: 'a"b\\c\nd', 'odd-name': 'x' }, value: 3 },
        { labels: { target: 'other' }, value: null },
      ],
    },
    {
      name: 'pgsteward_empty',
      help: 'Nothing known.',
      type: 'gauge',
      samples: [{ labels: {}, value: null }],
    },
    { name: 'pgsteward_rounds_total', help: 'Rounds.', type: 'counter', samples: [{ labels: {}, value: 0 }] },
  ])
  expect(text).toBe(
    [
      '# HELP pgsteward_connections Client connections by state.',
      '# TYPE pgsteward_connections gauge',
      'pgsteward_connections{target="a\\"b\\\\c\\nd",odd_name="x"} 3',
      '# HELP pgsteward_rounds_total Rounds.',
      '# TYPE pgsteward_rounds_total counter',
      'pgsteward_rounds_total 0',
      '',
    ].join('\n'),
  )
})

test('buckets of a histogram sum up, with one that holds all', () => {
  const samples = [{ labels: { route: 'GET /' }, counts: [2, 0, 3], sum: 1.5 }]
  const text = prometheusText([
    { name: 'took_seconds', help: 'Took.', type: 'histogram', bounds: [0.1, 1], samples },
  ])
  expect(text.split('\n').slice(2)).toEqual([
    'took_seconds_bucket{route="GET /",le="0.1"} 2',
    'took_seconds_bucket{route="GET /",le="1"} 2',
    'took_seconds_bucket{route="GET /",le="+Inf"} 5',
    'took_seconds_sum{route="GET /"} 1.5',
    'took_seconds_count{route="GET /"} 5',
    '',
  ])
})

test('no label makes the text invalid: names that collide, that are taken, that begin wrong, broken letters', () => {
  const labels = {
    'a-b': '1',
    'a.b': '2',
    le: '3',
    quantile: '4',
    '0x': '5',
    __name__: '6',
    '': '7',
    ok: '\ud800',
  }
  const text = prometheusText([{ name: 'x', help: 'X.', type: 'gauge', samples: [{ labels, value: 1 }] }])
  expect(text.split('\n')[2]).toBe(
    'x{a_b="2",label_le="3",label_quantile="4",label_0x="5",label___name__="6",label_="7",ok="\ufffd"} 1',
  )
})

test('what is no number is left out, what is beyond all numbers is written as Prometheus does', () => {
  const samples = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((value, index) => ({
    labels: { index: String(index) },
    value,
  }))
  const text = prometheusText([{ name: 'x', help: 'X.', type: 'gauge', samples }])
  expect(text.split('\n').slice(2, -1)).toEqual(['x{index="1"} +Inf', 'x{index="2"} -Inf'])
})
