import { expect, test } from 'vitest'
import { EXIT } from '../../src/model/error.ts'
import { run } from './run.ts'

test('help lists every command, and help of one shows its options', async () => {
  const { exitCode, out } = await run('help')
  expect(exitCode).toBe(EXIT.clean)
  for (const name of ['demo', 'watch', 'check', 'doctor', 'findings', 'checks', 'config', 'migrate'])
    expect(out).toContain(`  ${name} `)
  expect((await run('help', 'check')).out).toContain('--fail-on')
  expect((await run('check', '--help')).out).toContain('--fail-on')
})

test.each([
  [['chek'], 'Did you mean "pgsteward check"?'],
  [['check', '--jsn', 'postgres://x/y'], 'Did you mean --json?'],
  [['check'], 'which database?'],
  [['check', 'postgres://a/b', 'postgres://c/d'], 'one argument too many'],
  [['check', 'postgres://a/b', '--format', 'jsn'], 'Did you mean --format json?'],
  [['check', 'postgres://a/b', '--for', 'ever'], '--for ever is not a duration'],
  [['check', 'postgres://a/b', '--only', 'unused-indx'], 'Did you mean unused-index?'],
  [['check', 'postgres://a/b', '--config', 'nowhere.ts'], 'there is no configuration file'],
  [['checks', 'unusd-index'], 'Did you mean unused-index?'],
  [['watch'], 'which database?'],
  [['watch', 'postgres://a/b', '--port', 'http'], '--port http is not a port'],
  [['demo', '--scale', 'big'], '--scale big is not a size'],
])('%j is a usage error that says what would be right', async (args, words) => {
  const { exitCode, out, note } = await run(...args)
  expect(exitCode).toBe(EXIT.usage)
  expect(out).toBe('')
  expect(note).toContain(words)
})

test('with --json an error is JSON on standard output too', async () => {
  const { exitCode, out } = await run('check', 'mysql://root@localhost/shop', '--json')
  expect(exitCode).toBe(EXIT.unreachable)
  expect(JSON.parse(out)).toMatchObject({ error: { code: 'target-url-invalid', hint: expect.any(String) } })
})

test('config shows the defaults, and masks what is secret', async () => {
  const { out } = await run('config', '--json')
  const { values } = JSON.parse(out) as { values: { path: string; value: unknown; origin: string }[] }
  expect(values).toContainEqual({ path: 'server.port', value: 7432, origin: 'default' })
})

test('checks lists the catalogue as JSON', async () => {
  const { out } = await run('checks', '--json')
  expect(JSON.parse(out)).toContainEqual(expect.objectContaining({ id: 'unused-index', area: 'index' }))
})
