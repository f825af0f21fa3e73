import { describe, expect, test } from 'vitest'
import { refuseUnlisted } from './load-target.ts'

const LOOPBACK = ['http://127.0.0.1', 'http://localhost', 'http://[::1]']

describe('only what the configuration names may be loaded', () => {
  test.each([
    ['http://127.0.0.1:3000', LOOPBACK],
    ['http://127.0.0.1:3000/base/', LOOPBACK],
    ['http://localhost', LOOPBACK],
    ['http://[::1]:8080', LOOPBACK],
    ['https://staging.example.org', ['https://staging.example.org']],
    ['https://staging.example.org:8443', ['https://staging.example.org']],
    ['http://staging.example.org:80', ['http://staging.example.org:80']],
    ['http://STAGING.example.org', ['http://staging.example.org']],
  ])('%s is covered', (url, allowed) => {
    expect(refuseUnlisted(url, allowed).hostname).not.toBe('')
  })

  test.each([
    ['http://example.org', LOOPBACK],
    ['https://127.0.0.1', LOOPBACK],
    ['http://127.0.0.1.example.org', LOOPBACK],
    ['http://127.0.0.1@example.org', LOOPBACK],
    ['http://user:127.0.0.1@example.org', LOOPBACK],
    ['http://staging.example.org:81', ['http://staging.example.org:80']],
    ['http://127.0.0.1:3000', []],
    ['http://127.0.0.1:3000', ['127.0.0.1']],
    ['ftp://127.0.0.1', LOOPBACK],
    ['127.0.0.1:3000', LOOPBACK],
    ['', LOOPBACK],
  ])('%s is refused', (url, allowed) => {
    expect(() => refuseUnlisted(url, allowed)).toThrow(
      expect.objectContaining({ code: 'load-target-refused' }),
    )
  })

  test('the refusal says what to add, and no password', () => {
    expect(() => refuseUnlisted('https://ann:secret@staging.example.org/x', LOOPBACK)).toThrow(
      expect.objectContaining({
        message: 'load on https://staging.example.org is not allowed',
        hint: expect.stringContaining('load: { targets: ["https://staging.example.org"] }'),
      }),
    )
  })
})
