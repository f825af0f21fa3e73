import { describe, expect, it } from 'vitest'
import { hrefOf, keepingState, parseRoute, pathOf, type Route, withParams } from './route.ts'

describe('parseRoute', () => {
  it.each<[string, Route]>([
    ['/', { page: 'overview' }],
    ['', { page: 'overview' }],
    ['/findings', { page: 'findings' }],
    ['/findings/', { page: 'findings' }],
    ['/statements/-4711', { page: 'statement', queryId: '-4711' }],
    [
      '/findings/unused-index%3Aindex%2Fapp%2Fpublic%2Fa.b',
      { page: 'finding', key: 'unused-index:index/app/public/a.b' },
    ],
    [
      '/findings/unused-index:index/app/public/x',
      { page: 'finding', key: 'unused-index:index/app/public/x' },
    ],
    ['/alerts', { page: 'alerts' }],
    ['/access', { page: 'access' }],
    ['/availability', { page: 'availability' }],
    ['/capacity', { page: 'capacity' }],
    ['/reports', { page: 'reports' }],
    ['/reports/weekly/2026-W47', { page: 'report', kind: 'weekly', name: '2026-W47' }],
    ['/reports/release/a%2Fb', { page: 'report', kind: 'release', name: 'a/b' }],
    ['/slow-queries', { page: 'slow-queries' }],
    ['/applications', { page: 'applications' }],
    ['/applications/%40scope%2Fweb%20app', { page: 'application', name: '@scope/web app' }],
    ['/advice', { page: 'advice' }],
    ['/maintenance', { page: 'maintenance' }],
    ['/maintenance/12', { page: 'job', id: '12' }],
    ['/changes', { page: 'changes' }],
    ['/changes/CHG-12', { page: 'change', name: 'CHG-12' }],
    ['/advice/members_name_idx', { page: 'advised-index', name: 'members_name_idx' }],
    ['/nowhere', { page: 'not-found' }],
    ['/tables/x', { page: 'not-found' }],
    ['/reports/weekly', { page: 'not-found' }],
    ['/findings/%E0%A4%A', { page: 'not-found' }],
    ['/constructor', { page: 'not-found' }],
  ])('reads %s', (path, route) => {
    expect(parseRoute(path)).toEqual(route)
  })

  it('reads back whatever pathOf writes, also for hostile keys', () => {
    for (const key of ['a/b', '<script>alert(1)</script>', 'ü?#&=%', 'x:table/db/"odd schema"/t']) {
      expect(parseRoute(pathOf({ page: 'finding', key }))).toEqual({ page: 'finding', key })
      for (const page of ['application', 'advised-index', 'change'] as const)
        expect(parseRoute(pathOf({ page, name: key }))).toEqual({ page, name: key })
    }
  })
})

describe('hrefOf', () => {
  it('carries target and range to the next page, not the filter', () => {
    const current = new URLSearchParams('target=main&range=6h&q=text&sort=size')
    expect(hrefOf({ page: 'tables' }, current)).toBe('/tables?target=main&range=6h')
  })

  it('adds what the link itself asks for', () => {
    expect(hrefOf({ page: 'statement', queryId: '7' }, new URLSearchParams(), { database: 'app' })).toBe(
      '/statements/7?database=app',
    )
  })
})

it('sets, replaces and removes parameters', () => {
  const next = withParams(new URLSearchParams('a=1&b=2&c=3'), { a: '9', b: null, c: '' })
  expect(next.toString()).toBe('a=9')
})

describe('a path that a report wrote', () => {
  const here = new URLSearchParams('target=shop&range=6h&q=x')
  it.each([
    ['/statements', '/statements?target=shop&range=6h'],
    ['/statements/42?target=till', '/statements/42?target=till&range=6h'],
    // what it says of time stands, as a whole
    ['/logs?from=1&to=2', '/logs?from=1&to=2&target=shop'],
    ['/tables?range=7d&target=till', '/tables?range=7d&target=till'],
  ])('%s becomes %s', (path, expected) => {
    expect(keepingState(path, here)).toBe(expected)
  })
})
