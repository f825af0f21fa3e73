import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { emptyState, strictNerdGraph } from '../export/strict-nerdgraph.ts'
import { startReceiver } from '../notify/receiver.ts'
import { run } from './run.ts'

async function account(section: object = {}) {
  const state = emptyState()
  const receiver = await startReceiver(strictNerdGraph({ apiKey: 'NRAK-1', accountId: 42 }, state))
  const dir = mkdtempSync(join(tmpdir(), 'newrelic-'))
  onTestFinished(async () => {
    await receiver[Symbol.asyncDispose]()
    rmSync(dir, { recursive: true, force: true })
  })
  const file = join(dir, 'pgsteward.config.mjs')
  const newRelic = {
    accountId: 42,
    apiKey: 'NRAK-1',
    url: `${receiver.url}/graphql`,
    channels: { finance: { type: 'webhook', url: 'https://example.com/hooks/hidden' } },
    ...section,
  }
  writeFileSync(file, `export default ${JSON.stringify({ exports: { newRelic } })}`)
  return { state, file }
}

test('newrelic plan prints what would be made, and says so by its exit code (X2)', async () => {
  const { file, state } = await account()
  const { exitCode, out } = await run('newrelic', 'plan', '--config', file)
  expect(exitCode).toBe(1)
  expect(out).toContain('create  policy       Errors [pgsteward:errors]\n')
  expect(out).toContain('26 to create, 0 to change, 0 as they should be; 0 made by others, left alone\n')
  expect(out).toContain('nobody is told  of issues for devops-alerts, support, payments: ')
  expect(state.mutations).toEqual([])
})

test('newrelic apply changes nothing without --yes, everything with it, and nothing twice (X2)', async () => {
  const { file, state } = await account()
  const first = await run('newrelic', 'apply', '--config', file)
  expect(first.exitCode).toBe(1)
  expect(first.note).toBe('nothing was changed; with --yes it is carried out\n')
  expect(state.mutations).toEqual([])
  const second = await run('newrelic', 'apply', '--yes', '--config', file)
  expect(second.exitCode).toBe(0)
  expect(second.out.match(/^created /gm)).toHaveLength(26)
  const third = await run('newrelic', 'apply', '--yes', '--json', '--config', file)
  expect(third.exitCode).toBe(0)
  expect(JSON.parse(third.out)).toMatchObject({ applied: [], notYetFound: [], leftOver: [] })
  expect((await run('newrelic', 'plan', '--config', file)).exitCode).toBe(0)
})

test('a plan tells differences with their values, but no address of a webhook and no key (X2)', async () => {
  const { file, state } = await account()
  await run('newrelic', 'apply', '--yes', '--config', file)
  state.destinations[0].properties[0].value = 'https://example.com/hooks/other'
  state.conditions[0].terms[0].threshold = 7
  const shown = await run('newrelic', 'plan', '--config', file)
  expect(shown.out).toContain('          terms.CRITICAL.threshold: 7 -> 1.5\n')
  expect(shown.out).toContain('          properties.url.value\n')
  const json = await run('newrelic', 'plan', '--json', '--config', file)
  for (const text of [shown.out, json.out, shown.note]) expect(text).not.toMatch(/hooks|NRAK/)
})

test('without a section, and with a wrong key, the commands say what to do (X2)', async () => {
  const { file } = await account({ apiKey: 'NRAK-2' })
  const wrong = await run('newrelic', 'plan', '--config', file)
  expect(wrong.exitCode).toBe(2)
  expect(wrong.note).toContain('New Relic refused the key')
  const none = await run('newrelic', 'plan')
  expect(none.exitCode).toBe(2)
  expect(none.note).toContain('the configuration has no exports.newRelic')
})

test('newrelic config prints a file for the agent (X2)', async () => {
  const { exitCode, out } = await run('newrelic', 'config', '--app', 'shop')
  expect(exitCode).toBe(0)
  expect(out).toContain('app_name: ["shop"]')
})
