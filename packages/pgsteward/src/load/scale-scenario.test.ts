import { describe, expect, test } from 'vitest'
import { scenarioSchema } from '../model/scenario.ts'
import { scaleScenario } from './scale-scenario.ts'
import { scenarioHash } from './scenario-hash.ts'

const flows = [{ name: 'f', steps: [{ path: '/' }, { pause: '2s' }] }]
const closed = scenarioSchema.parse({
  id: 'c',
  title: 'c',
  warmUp: '1m',
  load: {
    model: 'closed',
    stages: [
      { for: '10m', users: 30 },
      { for: '5s', users: 0 },
    ],
  },
  flows,
})
const open = scenarioSchema.parse({
  id: 'o',
  title: 'o',
  load: { model: 'open', startPerSecond: 5, stages: [{ for: '10m', perSecond: 50 }] },
  flows,
})

describe('a scaled scenario', () => {
  test('is shorter and has fewer users, with a second a stage and one user at least', () => {
    const scaled = scaleScenario(closed, 0.1, 0.01)
    expect(scaled.load).toMatchObject({
      stages: [
        { for: 60_000, users: 1 },
        { for: 1000, users: 0 },
      ],
    })
    expect(scaled.warmUp).toBe(6000)
  })

  test('has a lower rate, and sessions to fit', () => {
    expect(scaleScenario(open, 1, 0.1).load).toMatchObject({
      startPerSecond: 0.5,
      stages: [{ for: 600_000, perSecond: 5 }],
      sessions: 10,
    })
  })

  test('keeps think times: people do not think faster', () => {
    expect(scaleScenario(closed, 0.1, 1).flows).toEqual(closed.flows)
  })

  test('by one is the same', () => {
    expect(scaleScenario(open, 1, 1)).toBe(open)
  })
})

describe('the hash of a scenario', () => {
  test('does not depend on the order of fields, nor on defaults written out', () => {
    const turned = scenarioSchema.parse({
      flows: [{ steps: [{ method: 'GET', path: '/' }, { pause: 2000 }], name: 'f' }],
      load: { stages: [{ perSecond: 50, for: '600s' }], startPerSecond: 5, model: 'open' },
      title: 'o',
      id: 'o',
    })
    expect(scenarioHash(turned)).toBe(scenarioHash(open))
  })

  test('is another for another load or path', () => {
    expect(scenarioHash(scaleScenario(open, 1, 2))).not.toBe(scenarioHash(open))
    expect(scenarioHash(closed)).not.toBe(scenarioHash(open))
  })
})
