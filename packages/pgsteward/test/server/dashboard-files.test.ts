// How the built dashboard is served: the page is asked for each time, its hashed assets never, and its own addresses lead to it.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import type { Views } from '../../src/app/views.ts'
import { createServer } from '../../src/server/create-server.ts'

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-dashboard-'))
mkdirSync(join(dir, 'assets'))
writeFileSync(join(dir, 'index.html'), '<!doctype html><title>pgsteward</title>')
writeFileSync(join(dir, 'assets/index-abc.js'), 'export {}')
writeFileSync(join(dir, 'assets/index-abc.js.br'), brotliCompressSync('export {}'))
writeFileSync(join(dir, 'assets/index-abc.js.gz'), gzipSync('export {}'))
writeFileSync(join(dir, 'index.html.gz'), gzipSync('<!doctype html><title>pgsteward</title>'))

// files never ask the views
const options = {
  views: { governance: {} } as unknown as Views,
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

test.each([
  ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
  ['gzip', 'gzip', gunzipSync],
] as const)(
  'to who accepts %s an asset goes as the build compressed it',
  async (accepted, encoding, unpack) => {
    const response = await server.inject({
      url: '/assets/index-abc.js',
      headers: { 'accept-encoding': accepted },
    })
    expect(response.headers).toMatchObject({
      'content-encoding': encoding,
      'cache-control': expect.stringContaining('immutable'),
      'content-type': expect.stringContaining('javascript'),
      vary: expect.stringMatching(/accept-encoding/i),
    })
    expect(unpack(response.rawPayload).toString()).toBe('export {}')
  },
)

test('to who accepts nothing special an asset goes as it is', async () => {
  const response = await server.inject('/assets/index-abc.js')
  expect(response.headers['content-encoding']).toBeUndefined()
  expect(response.body).toBe('export {}')
})

test("the dashboard's own addresses are compressed too", async () => {
  const headers = { accept: 'text/html', 'accept-encoding': 'gzip' }
  const response = await server.inject({ url: '/advice', headers })
  expect(response.headers).toMatchObject({
    'content-encoding': 'gzip',
    'content-type': expect.stringContaining('text/html'),
    'cache-control': 'no-cache',
  })
  expect(gunzipSync(response.rawPayload).toString()).toContain('<title>pgsteward</title>')
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
