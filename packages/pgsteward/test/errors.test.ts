// Every error code is documented, and the page documents no ghost.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { ERRORS, EXIT, StewardError } from '../src/model/error.ts'

const page = readFileSync(resolve(import.meta.dirname, '../../../docs/reference/errors.md'), 'utf8')

test('docs/reference/errors.md lists exactly the codes of the catalogue, with their exit codes', () => {
  const listed = [...page.matchAll(/^\| `([\w-]+)` \| (\d+) \| (.+) \|$/gm)].map(([, code, exit, title]) => ({
    code,
    exit: Number(exit),
    title,
  }))
  expect(listed).toEqual(Object.entries(ERRORS).map(([code, { exit, title }]) => ({ code, exit, title })))
})

test('an error carries its exit code', () => {
  expect(new StewardError('config-invalid', 'no').exitCode).toBe(EXIT.usage)
  expect(new StewardError('target-refused', 'no').exitCode).toBe(EXIT.unreachable)
})
