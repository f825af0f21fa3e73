// How the built dashboard is served: the page is asked for each time, its hashed assets never, and its own addresses lead to it.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Views } from '../../src/app/views.ts'
import { createServer } from '../../src/server/create-server.ts'

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-dashboard-'))
mkdirSync(join(dir, 'assets'))
writeFileSync(join(dir, 'index.html'), '<!doctype html><title>pgsteward</title>')
writeFileSync(join(dir, 'assets/index-abc.js'), 'export {}')

// files never ask the views
const options = {
  views: {} as Views,
  adminToken: 'a-token-of-some-length',
  host: '127.0.0.1',
  now: () => new Date(),
}
const server = await createServer({ ...options, dashboardDir: dir })
afterAll(async () => {
  await server.close()
  rmSync(dir, { recursive: true, force: true })
})

test.each(['/', '/index.html', '/findings/unused-index%3Aindex'])(
  '%s is the page, always asked for',
  async (url) => {
    const response = await server.inject({ url, headers: { accept: 'text/html' } })
    expect(response.statusCode).toBe(200)
    expect(response.headers['cache-control']).toBe('no-cache')
    expect(response.body).toContain('<title>pgsteward</title>')
  },
)

test('assets are kept for good', async () => {
  const response = await server.inject('/assets/index-abc.js')
  expect(response.headers['cache-control']).toContain('immutable')
})

test('a missing asset is missing, not the page', async () => {
  const response = await server.inject({ url: '/assets/index-old.js', headers: { accept: '*/*' } })
  expect(response.statusCode).toBe(404)
})

test('nothing outside the folder is served', async () => {
  const response = await server.inject('/..%2f..%2fetc%2fpasswd')
  expect(response.statusCode).toBeGreaterThanOrEqual(400)
})

test('no inline script may run, and nothing from elsewhere', async () => {
  const policy = (await server.inject('/')).headers['content-security-policy']
  expect(policy).toContain("default-src 'self'")
  expect(policy).not.toContain('unsafe-inline')
})

test('without a built dashboard the API says where it is', async () => {
  const bare = await createServer({ ...options, dashboardDir: null })
  const response = await bare.inject({ url: '/', headers: { accept: 'text/html' } })
  expect(response.statusCode).toBe(404)
  expect(response.json().error.hint).toContain('/api/v1')
  await bare.close()
})
