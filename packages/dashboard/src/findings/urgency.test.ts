import type { FindingWire } from 'pgsteward/wire'
import { expect, it } from 'vitest'
import { byUrgency } from './urgency.ts'

const finding = (key: string, state: FindingWire['state'], severity: FindingWire['severity']) =>
  ({ key, state, severity }) as FindingWire

it('puts what stands before what is muted, and the gravest first; equals keep the order of the server', () => {
  const order = byUrgency([
    finding('muted critical', 'muted', 'critical'),
    finding('info', 'open', 'info'),
    finding('second warning', 'open', 'warning'),
    finding('a later warning', 'open', 'warning'),
    finding('critical', 'open', 'critical'),
  ])
  expect(order.map(({ key }) => key)).toEqual([
    'critical',
    'second warning',
    'a later warning',
    'info',
    'muted critical',
  ])
})
