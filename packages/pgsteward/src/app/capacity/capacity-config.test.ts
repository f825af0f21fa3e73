import { describe, expect, test } from 'vitest'
import { ALL_CHECKS } from '../../checks/all.ts'
import { configSchema } from '../config/config-schema.ts'
import { capacitySchema, limitsOf } from './capacity-config.ts'

const GB = 1024 ** 3
const problems = (config: unknown) =>
  (configSchema(ALL_CHECKS).safeParse(config).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  )
const targets = ['shop', 'billing'].map((id) => ({ id, url: `postgres://db/${id}` }))

describe('limits of targets', () => {
  test('with one target they need not name it', () => {
    expect(problems({ targets: targets.slice(0, 1), capacity: { limits: [{ disk: '500GB' }] } })).toEqual([])
  })

  test('with several they do, and one that is not there is told', () => {
    expect(
      problems({ targets, capacity: { limits: [{ disk: '1GB' }, { target: 'shpo', disk: '1GB' }] } }),
    ).toEqual([
      'capacity.limits.0.target: whose is it? One of shop, billing',
      'capacity.limits.1.target: there is no target shpo; there are: shop, billing',
    ])
  })

  test('several entries of one are put together', () => {
    const config = capacitySchema.parse({
      limits: [
        { disk: '500GB', queriesPerSecond: 1_000 },
        { target: 'billing', disk: '1GB' },
        { target: 'shop', disk: '600GB' },
      ],
    })
    expect(limitsOf(config, 'shop')).toEqual({ disk: 600 * GB, queriesPerSecond: 1_000 })
    expect(config).toMatchObject({ users: 10, confidence: 0.9 })
  })
})
