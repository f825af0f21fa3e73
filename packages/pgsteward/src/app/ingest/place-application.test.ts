import { expect, test } from 'vitest'
import type { ApplicationEndpoint } from '../../model/application.ts'
import type { Config } from '../config/config-schema.ts'
import { placer } from './place-application.ts'

const target = (id: string, url: string) => ({ id, url }) as Config['targets'][number]
const SHOP = target('shop', 'postgres://u:p@db.internal:5432/shop')
const STOCK = target('stock', 'postgres://u:p@127.0.0.1:6000/stock')
const ARCHIVE = target('archive', 'postgres://u:p@old.internal/shop')

const endpoint = (host: string, port: number, database: string): ApplicationEndpoint => ({
  host,
  port,
  database,
})

const report = (application: string, at: ApplicationEndpoint | null, instance = 'one') => ({
  source: { application, instance, version: null, environment: null, sdk: 'pgsteward' },
  endpoint: at,
})

test.each<[string, Config['targets'], ApplicationEndpoint | null, string | null]>([
  ['host, port and database', [SHOP, ARCHIVE], endpoint('DB.internal', 5432, 'shop'), 'shop'],
  ['another name of this machine', [SHOP, STOCK], endpoint('localhost', 6000, 'stock'), 'stock'],
  ['the database, through a pooler of another name', [SHOP, STOCK], endpoint('pooler', 6432, 'shop'), 'shop'],
  ['the only target, whatever it says', [SHOP], endpoint('x', 1, 'y'), 'shop'],
  ['the only target, when it says nothing', [SHOP], null, 'shop'],
  ['a database of no target', [SHOP, STOCK], endpoint('x', 5432, 'other'), null],
  ['a database of two targets', [SHOP, ARCHIVE], endpoint('x', 5432, 'shop'), null],
  ['nothing, and two targets', [SHOP, STOCK], null, null],
  ['no target at all', [], endpoint('x', 5432, 'shop'), null],
])('placed by %s', (_, targets, at, expected) => {
  const placed = placer({ targets, applications: [] })(report('messaging', at))
  if (expected === null) expect(placed).toEqual({ because: expect.stringMatching(/\w/) })
  else expect(placed).toEqual({ targetId: expected })
})

test('the configuration wins, and one that names no target says so', () => {
  const applications = [
    { service: 'messaging', target: 'stock' },
    { service: 'lost', target: 'gone' },
  ]
  const place = placer({ targets: [SHOP, STOCK], applications })
  expect(place(report('messaging', endpoint('db.internal', 5432, 'shop')))).toEqual({ targetId: 'stock' })
  expect(place(report('lost', null))).toEqual({
    because: 'applications in the configuration names target gone, which there is not',
  })
})

test('what a process, or else its application, told before holds for reports that name no database', () => {
  const place = placer({ targets: [SHOP, STOCK], applications: [] })
  place(report('messaging', endpoint('db.internal', 5432, 'shop')))
  expect(place(report('messaging', null))).toEqual({ targetId: 'shop' })
  expect(place(report('messaging', null, 'two'))).toEqual({ targetId: 'shop' })
  expect(place(report('billing', null))).toMatchObject({ because: expect.stringContaining('2 targets') })
})
