// pgsteward config is pasted into tickets: nothing in it opens a door.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { run } from './run.ts'

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-masks-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

test('keys, tokens, headers, passwords and addresses of channels are masked', async () => {
  const file = join(dir, 'pgsteward.config.mjs')
  const secret = 'opensesame-opensesame-opensesame'
  writeFileSync(
    file,
    `export default ${JSON.stringify({
      targets: [{ id: 'shop', url: `postgres://u:${secret}@db.example/shop` }],
      server: { adminToken: secret },
      team: { a: { name: 'A' }, b: { name: 'B' } },
      onCall: { rotations: [{ people: ['a', 'b'], since: '2026-01-01' }], calendarToken: secret },
      reviews: { calendarToken: secret },
      alerts: {
        channels: {
          chat: { type: 'slack', url: `https://hooks.example.com/${secret}` },
          pager: { type: 'pagerduty', routingKey: secret },
          genie: { type: 'opsgenie', apiKey: secret },
          mail: {
            type: 'email',
            smtp: `smtp://u:${secret}@mail.example`,
            from: 'a@b.example',
            to: 'c@d.example',
          },
          hook: { type: 'webhook', url: 'https://example.com', secret },
        },
      },
      exports: {
        otlp: { endpoint: 'https://otlp.example.com', headers: { 'api-key': secret, authorization: secret } },
        sentry: {
          dsn: `https://${secret}@sentry.example.com/42`,
          projects: { 'shop.admin': `https://${secret}@sentry.example.com/43` },
        },
      },
    })}`,
  )
  const { exitCode, out } = await run('config', '--config', file)
  expect(exitCode).toBe(0)
  expect(out).not.toContain(secret)
  expect(out).toContain('exports.otlp.headers.api-key')
  expect(out).toContain('https://otlp.example.com')
  expect(out).toContain('https://***@sentry.example.com/43')
})
