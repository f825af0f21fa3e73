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
